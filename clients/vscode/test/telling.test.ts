import assert from "node:assert/strict";
import { test } from "node:test";

import { ChangedLines } from "../src/changedLines.js";
import { Debugged } from "../src/debugged.js";
import { Findings, type Found } from "../src/findings.js";
import { type Consent, focusOn, type Kind, mayTell, Once, type Switches } from "../src/outbox.js";
import { onBattery } from "../src/power.js";
import { commandEvent, Echoes, Tail, tailOf, testEvent } from "../src/terminal.js";
import { FOLDER, lines, TestClock } from "./desk.js";

const ON: Switches = {
  focus: true,
  terminal: true,
  terminalOutput: true,
  tasks: true,
  debug: true,
  diagnostics: true,
  git: true,
};
const CONSENT: Consent = {
  around: { trusted: true, virtual: false },
  running: true,
  switches: ON,
};
const KINDS: Kind[] = ["focus", "terminal", "tasks", "debug", "diagnostics", "git"];

test("nothing is told before trust, without a server, or when switched off", () => {
  for (const kind of KINDS) {
    const may = (more: Partial<Consent>) => mayTell(kind, { ...CONSENT, ...more });
    assert.ok(may({}), kind);
    assert.ok(!may({ around: { trusted: false, virtual: false } }), kind);
    assert.ok(!may({ around: { trusted: true, virtual: true } }), kind);
    assert.ok(!may({ running: false }), kind);
    assert.ok(!may({ switches: { ...ON, [kind]: false } }), kind);
  }
});

test("a focus names the file as the server does; files outside are not told", () => {
  assert.deepEqual(focusOn(`${FOLDER}/a.py`, lines(2), [FOLDER]), {
    type: "focus",
    folder: FOLDER,
    path: "a.py",
    range: lines(2),
  });
  assert.deepEqual(focusOn(`${FOLDER}/a.py`, undefined, [FOLDER]), {
    type: "focus",
    folder: FOLDER,
    path: "a.py",
  });
  assert.equal(focusOn("file:///elsewhere/a.py", undefined, [FOLDER]), undefined);
  const once = new Once();
  const event = focusOn(`${FOLDER}/a.py`, undefined, [FOLDER])!;
  assert.deepEqual(
    [once.isNew(event), once.isNew(event), once.isNew({ ...event })],
    [true, false, false],
  );
});

test("a command that ended is told with its exit code, its output only when it failed", () => {
  assert.deepEqual(commandEvent({ line: " make test ", exit: 0, seconds: 1.23456, output: "ok" }), {
    type: "command",
    line: "make test",
    exit: 0,
    seconds: 1.235,
  });
  assert.deepEqual(
    commandEvent({ line: "make", exit: 2, output: "\x1b[31mboom\x1b[0m\n", folder: FOLDER }),
    { type: "command", folder: FOLDER, line: "make", exit: 2, tail: "boom" },
  );
  assert.equal(commandEvent({ line: "make", exit: undefined }), undefined);
  assert.equal(commandEvent({ line: "  ", exit: 0 }), undefined);
});

test("a window that is left and come back to is told with the file in front", () => {
  const [left, back] = (["left", "back"] as const).map((window) =>
    focusOn(`${FOLDER}/a.py`, undefined, [FOLDER], window),
  );
  assert.deepEqual(left, { type: "focus", folder: FOLDER, path: "a.py", window: "left" });
  assert.equal(focusOn("file:///elsewhere/a.py", undefined, [FOLDER], "back"), undefined);
  const once = new Once();
  assert.ok(once.isNew(back!) && once.isNew(left!) && once.isNew(back!), "each is news");
});

test("a debugged program is told as it starts, and once as it ends", () => {
  const clock = new TestClock();
  const debugged = new Debugged(clock);
  const shop = { id: "1", name: "shop", folder: FOLDER };
  const child = { id: "2", name: "shop: child", parent: shop };
  const told = { type: "command", folder: FOLDER, line: "debug shop", exit: 0 };
  assert.deepEqual(debugged.started(shop), { ...told, phase: "started" });
  assert.equal(debugged.started(child), undefined);
  clock.pass(2_500);
  assert.deepEqual(debugged.exited(child, 3), { ...told, exit: 3, seconds: 2.5 });
  assert.equal(debugged.exited(shop, 3), undefined, "it ended already");
  assert.equal(debugged.terminated(child), undefined);
  assert.equal(debugged.terminated(shop), undefined);
  assert.deepEqual(debugged.started(shop), { ...told, phase: "started" });
  assert.deepEqual(debugged.terminated(shop), { ...told, phase: "stopped" });
  assert.equal(debugged.exited(shop, 0), undefined, "nobody knows of it any more");
});

test("a test task tells whether it passed", () => {
  assert.deepEqual(testEvent("unit", 0), { type: "test", name: "unit", outcome: "passed" });
  assert.deepEqual(testEvent("unit", 1, FOLDER), {
    type: "test",
    folder: FOLDER,
    name: "unit",
    outcome: "failed",
  });
  assert.equal(testEvent("unit", undefined), undefined);
});

test("output keeps its last lines, without colours, titles and progress bars", () => {
  assert.equal(tailOf("\x1b]0;title\x07a\r\n 10 %\r 20 %\rdone\nb\n"), "a\ndone\nb");
  const long = tailOf(`${"x".repeat(50)}\n`.repeat(1_000));
  assert.ok(long.length <= 4_000 && long.startsWith("x".repeat(50)));
  const tail = new Tail();
  for (let number = 0; number < 10_000; number += 1) {
    tail.add(`line ${number}\n`);
  }
  assert.ok(tail.end.endsWith("line 9999"));
});

test("a task and its terminal tell of the same command once", () => {
  const echoes = new Echoes();
  assert.ok(echoes.isNew("tasks", "make test", 0, 10));
  assert.ok(!echoes.isNew("terminal", "make test ", 0, 10.5));
  assert.ok(echoes.isNew("terminal", "make test", 1, 10.6));
  assert.ok(echoes.isNew("terminal", "make test", 0, 20));
  assert.ok(echoes.isNew("terminal", "make test", 0, 20.5), "twice in the terminal is twice");
});

const edit = (first: number, last: number, text: string) => ({
  range: { start: { line: first, character: 0 }, end: { line: last, character: 0 } },
  text,
});

test("changed lines move along with what is typed above them", () => {
  const changed = new ChangedLines();
  changed.append("a", [edit(10, 10, "x")]);
  assert.ok(changed.near("a", 10, 10) && changed.near("a", 11, 11) && !changed.near("a", 12, 12));
  changed.append("a", [edit(2, 2, "one\ntwo\nthree\n")]);
  assert.ok(changed.near("a", 13, 13) && !changed.near("a", 10, 10) && changed.near("a", 3, 3));
  changed.append("a", [edit(0, 3, "")]);
  assert.ok(changed.near("a", 10, 10) && !changed.near("a", 13, 13));
  assert.ok(!changed.near("b", 0, 100));
  changed.forget("a");
  assert.ok(!changed.near("a", 0, 100));
});

test("typing on in a line, and a line break after it, are counted right", () => {
  const changed = new ChangedLines();
  for (let key = 0; key < 5_000; key += 1) {
    changed.append("a", [edit(4, 4, "x")]);
  }
  changed.append("a", [edit(4, 4, "\n")]);
  changed.append("a", [edit(9, 9, "x")]);
  assert.ok(changed.near("a", 5, 5) && changed.near("a", 9, 9) && !changed.near("a", 7, 7));
});

test("an edit over several changed stretches leaves one", () => {
  const changed = new ChangedLines();
  changed.append("a", [edit(2, 2, "x")]);
  changed.append("a", [edit(8, 8, "x")]);
  changed.append("a", [edit(1, 9, "all\nnew\n")]);
  assert.ok(changed.near("a", 2, 2) && !changed.near("a", 6, 6));
});

const finding = (line: number, more: Partial<Found> = {}): Found => ({
  source: "mypy",
  range: lines(line),
  severity: 1,
  message: "bad",
  ...more,
});

test("other tools' findings are told at changed lines, ours never", () => {
  const findings = new Findings();
  const where = { folder: FOLDER, path: "a.py" };
  const near = (range: { start: { line: number } }) => range.start.line < 10;
  const all = [
    finding(1, { code: "E1" }),
    finding(20),
    finding(2, { source: "proactive" }),
    finding(3, { severity: 4 }),
    finding(4, { source: "ruff" }),
  ];
  const first = findings.news("u", where, all, near);
  assert.deepEqual(
    first.map((event) => event.type === "diagnostics" && [event.source, event.items.length]),
    [
      ["mypy", 1],
      ["ruff", 1],
    ],
  );
  assert.deepEqual(findings.news("u", where, all, near), [], "nothing new, nothing told");
  const gone = findings.news("u", where, [all[4]!], near);
  assert.deepEqual(gone, [{ type: "diagnostics", ...where, source: "mypy", items: [] }]);
  findings.forget();
  assert.equal(findings.news("u", where, [all[4]!], near).length, 1, "a new server hears it again");
});

test("on battery is when no mains that is there is plugged in, or when macOS says so", () => {
  assert.equal(onBattery([{ type: "Battery" }, { type: "Mains", online: "0" }]), true);
  assert.equal(
    onBattery([{ type: "Battery" }, { type: "Mains", online: "0" }, { type: "USB", online: "1" }]),
    false,
  );
  assert.equal(onBattery([{ type: "Mains", online: "1" }, { type: "Battery" }]), false);
  assert.equal(onBattery([{ type: "Battery" }]), undefined, "a mouse has a battery, too");
  assert.equal(onBattery([]), undefined);
  assert.equal(onBattery("Now drawing from 'Battery Power'\n -InternalBattery-0"), true);
  assert.equal(onBattery("Now drawing from 'AC Power'\n"), false);
});
