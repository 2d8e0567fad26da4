import assert from "node:assert/strict";
import { test } from "node:test";

import { Lifecycle, STEADY, type Started, WAITS } from "../src/lifecycle.js";
import type { Health } from "../src/status.js";
import { TestClock } from "./desk.js";

/** Lets everything that is already decided happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
  }
}

function desk(answers: (Started | Error)[] = []) {
  const clock = new TestClock();
  const log: string[] = [];
  const states: Health[] = [];
  const work = {
    async start(): Promise<Started> {
      log.push("start");
      await Promise.resolve();
      const answer = answers.shift() ?? "running";
      if (answer instanceof Error) {
        throw answer;
      }
      log.push(answer);
      return answer;
    },
    async stop() {
      log.push("stop");
      await Promise.resolve();
      log.push("stopped");
    },
    changed: (health: Health) => void states.push(health),
    gaveUp: (reason: string) => void log.push(`gave up: ${reason}`),
  };
  return { clock, log, states, lifecycle: new Lifecycle(work, clock) };
}

test("start, stop and restart come one after the other, whatever the order of the clicks", async () => {
  const { log, lifecycle } = desk();
  void lifecycle.start();
  void lifecycle.restart();
  void lifecycle.stop();
  await lifecycle.start();
  const again = ["stop", "stopped", "start", "running"];
  assert.deepEqual(log, ["start", "running", ...again, ...again]);
  assert.equal(lifecycle.health, "running");
});

test("a start that is overtaken by a stop does not happen", async () => {
  const { log, lifecycle } = desk();
  void lifecycle.start();
  await lifecycle.stop();
  assert.deepEqual(log, []);
  assert.equal(lifecycle.health, "off");
});

test("a second start does nothing", async () => {
  const { log, lifecycle } = desk();
  await lifecycle.start();
  await lifecycle.start();
  assert.deepEqual(log, ["start", "running"]);
});

test("a server that ends by itself comes back after growing waits, and at most five times", async () => {
  const { clock, log, lifecycle, states } = desk();
  await lifecycle.start();
  const waited: number[] = [];
  for (const wait of WAITS) {
    lifecycle.crashed("killed");
    assert.equal(lifecycle.health, "waiting");
    clock.pass(wait - 1);
    await settle();
    assert.equal(lifecycle.health, "waiting");
    clock.pass(1);
    await settle();
    assert.equal(lifecycle.health, "running");
    waited.push(wait);
  }
  assert.deepEqual(
    waited,
    [...waited].sort((one, other) => one - other),
  );
  assert.equal(waited.length, 5);
  lifecycle.crashed("killed");
  clock.pass(10 * STEADY);
  await settle();
  assert.equal(lifecycle.health, "failed");
  assert.equal(log.filter((line) => line === "start").length, 6);
  assert.deepEqual(
    log.filter((line) => line.startsWith("gave up")),
    ["gave up: killed"],
  );
  assert.equal(states.at(-1), "failed");
});

test("a server that does not come up is tried again, and its reason told in the end", async () => {
  const { clock, log, lifecycle } = desk(Array.from({ length: 6 }, () => new Error("no python")));
  await lifecycle.start();
  for (const wait of WAITS) {
    clock.pass(wait);
    await settle();
  }
  assert.equal(lifecycle.health, "failed");
  assert.deepEqual(
    log.filter((line) => line.startsWith("gave up")),
    ["gave up: no python"],
  );
});

test("restart after giving up begins to count anew", async () => {
  const { clock, lifecycle } = desk([
    ...Array.from({ length: 6 }, () => new Error("x")),
    "running",
  ]);
  await lifecycle.start();
  for (const wait of WAITS) {
    clock.pass(wait);
    await settle();
  }
  await lifecycle.restart();
  assert.equal(lifecycle.health, "running");
  lifecycle.crashed("killed");
  assert.equal(lifecycle.health, "waiting");
});

test("a long life makes earlier crashes forgotten", async () => {
  const { clock, lifecycle } = desk();
  await lifecycle.start();
  for (let crash = 0; crash < 12; crash += 1) {
    clock.pass(STEADY);
    lifecycle.crashed("killed");
    clock.pass(WAITS[0]!);
    await settle();
    assert.equal(lifecycle.health, "running");
  }
});

test("a stop while it waits calls the restart off", async () => {
  const { clock, log, lifecycle } = desk();
  await lifecycle.start();
  lifecycle.crashed("killed");
  await lifecycle.stop();
  clock.pass(STEADY);
  await settle();
  assert.equal(log.filter((line) => line === "start").length, 1);
  assert.equal(lifecycle.health, "off");
});

test("a missing server is not tried again by itself", async () => {
  const { clock, log, lifecycle } = desk(["missing"]);
  await lifecycle.start();
  clock.pass(STEADY);
  await settle();
  assert.equal(lifecycle.health, "missing");
  assert.equal(log.filter((line) => line === "start").length, 1);
});

test("a restart never looks like being off", async () => {
  const { states, lifecycle } = desk();
  await lifecycle.start();
  await lifecycle.restart();
  assert.deepEqual(states, ["starting", "running", "starting", "running"]);
});

test("settled waits for what is asked for while it waits, too", async () => {
  const { log, lifecycle } = desk();
  void lifecycle.start().then(() => void lifecycle.restart());
  await lifecycle.settled();
  assert.deepEqual(log, ["start", "running", "stop", "stopped", "start", "running"]);
});
