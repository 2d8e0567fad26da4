import assert from "node:assert/strict";
import { test } from "node:test";

import { Gather, Rest } from "../src/clock.js";
import { PATIENCE, Seen } from "../src/seen.js";
import { card, stand, TestClock } from "./desk.js";

function desk(...ids: string[]) {
  const clock = new TestClock();
  const told: string[] = [];
  const seen = new Seen(
    clock,
    ({ card: { id } }) => told.push(`shown ${id}`),
    ({ card: { id } }) => told.push(`ignored ${id}`),
  );
  const cards = stand(...ids.map((id) => card(id)));
  seen.stand(cards);
  const look = (...shown: string[]) =>
    seen.look(
      new Set(cards.filter(({ card: { id } }) => shown.includes(id)).map(({ key }) => key)),
    );
  return { clock, told, seen, cards, look };
}

test("a card is told as shown after a second on screen, once", () => {
  const { clock, told, look } = desk("1");
  look("1");
  clock.pass(999);
  assert.deepEqual(told, []);
  clock.pass(1);
  assert.deepEqual(told, ["shown 1"]);
  look();
  look("1");
  clock.pass(5_000);
  assert.deepEqual(told, ["shown 1"]);
});

test("what scrolled by was not shown, and two short looks are no long one", () => {
  const { clock, told, look } = desk("1");
  look("1");
  clock.pass(600);
  look();
  clock.pass(600);
  look("1");
  clock.pass(600);
  look();
  clock.pass(5_000);
  assert.deepEqual(told, []);
});

test("a second look on another card does not start the first one anew", () => {
  const { clock, told, look } = desk("1", "2");
  look("1");
  clock.pass(700);
  look("1", "2");
  clock.pass(300);
  assert.deepEqual(told, ["shown 1"]);
  clock.pass(700);
  assert.deepEqual(told, ["shown 1", "shown 2"]);
});

test("a card long on screen counts as ignored once the user looks away", () => {
  const { clock, told, look } = desk("1");
  look("1");
  clock.pass(PATIENCE);
  assert.deepEqual(told, ["shown 1"]);
  look();
  assert.deepEqual(told, ["shown 1", "ignored 1"]);
});

test("an answered card is neither shown nor ignored any more", () => {
  const { clock, told, seen, look } = desk("1");
  look("1");
  clock.pass(PATIENCE);
  seen.stand([]);
  look();
  assert.deepEqual(told, ["shown 1"]);
});

test("a card offered again is shown again", () => {
  const { clock, told, seen, cards, look } = desk("1");
  look("1");
  clock.pass(1_000);
  seen.stand([]);
  look();
  seen.stand(cards);
  look("1");
  clock.pass(1_000);
  assert.deepEqual(told, ["shown 1", "shown 1"]);
});

test("rest waits until nobody pokes, with one timer at a time", () => {
  const clock = new TestClock();
  let runs = 0;
  const rest = new Rest(clock, 100, () => (runs += 1));
  for (let key = 0; key < 50; key += 1) {
    rest.poke();
    clock.pass(10);
  }
  assert.equal(runs, 0);
  assert.ok(clock.made < 10, `${clock.made} timers for 50 keys`);
  clock.pass(90);
  assert.equal(runs, 1);
  clock.pass(1_000);
  assert.equal(runs, 1);
});

test("gather runs once for all that comes within its time", () => {
  const clock = new TestClock();
  let runs = 0;
  const gather = new Gather(clock, 100, () => (runs += 1));
  gather.poke();
  clock.pass(60);
  gather.poke();
  clock.pass(60);
  assert.equal(runs, 1);
  gather.dispose();
  clock.pass(1_000);
  assert.equal(runs, 1);
});
