// Keys, selection and marks; everything that is shown was written by the server.
"use strict";

const find = (id) => document.getElementById(id);
const typing = (target) => target.closest("input:not([type=checkbox]), select, textarea") !== null;
const open = () => document.querySelector("dialog[open]");

let quiet;
const say = (text, failed = false) => {
  const said = find("said");
  said.textContent = text;
  said.className = failed ? "seen failed" : "seen";
  clearTimeout(quiet);
  quiet = setTimeout(() => said.classList.remove("seen"), failed ? 8000 : 2500);
};

if (find("rows") !== null) session();
if (find("sessions") !== null) index();

function index() {
  const links = [...document.querySelectorAll("#sessions a")];
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    links[Math.min(links.length - 1, Math.max(0, next))]?.focus();
  });
}

function session() {
  const number = Number(document.body.dataset.session);
  const rows = [...find("rows").children];
  let chosen = null;
  // What was asked for happens in turn: a key that is pressed meanwhile means what comes then.
  let turn = Promise.resolve();
  const inTurn = (act) => (turn = turn.then(act).catch((error) => say(String(error), true)));

  const shown = (row) => !row.hidden;
  const judged = (row) => row.classList.contains("card") || row.classList.contains("missing");
  const unmarked = (row) => row.classList.contains("card") && row.dataset.worth === undefined;
  const detailOf = (row) => find(row.id.replace("row", "detail"));

  function choose(row) {
    if (!row || row === chosen) return;
    if (chosen) {
      chosen.setAttribute("aria-selected", "false");
      (detailOf(chosen) ?? find("event")).hidden = true;
    }
    chosen = row;
    row.setAttribute("aria-selected", "true");
    find("rows").setAttribute("aria-activedescendant", row.id);
    find("hint").hidden = true;
    const detail = detailOf(row);
    if (detail === null) {
      find("event-time").textContent = row.querySelector("time").textContent;
      find("event-text").textContent = row.querySelector(".what > span").textContent;
      const excerpt = row.querySelector(".excerpt")?.textContent ?? "";
      find("event-more").textContent = [excerpt, row.dataset.more].filter(Boolean).join("\n");
    }
    (detail ?? find("event")).hidden = false;
    find("event").parentElement.scrollTop = 0;
    row.scrollIntoView({ block: "nearest" });
    // What had the focus may be out of sight now.
    if (!typing(document.activeElement)) find("rows").focus({ preventScroll: true });
    // Not in the address: a fragment would take the focus away once the page is loaded.
    history.replaceState({ row: row.id }, "");
  }

  // The next row from the chosen one on that is wanted, around the end where `around` says so.
  function step(direction, wanted, around = false) {
    const at = chosen ? rows.indexOf(chosen) : direction > 0 ? -1 : rows.length;
    const order = [];
    for (let each = at + direction; each >= 0 && each < rows.length; each += direction) {
      order.push(rows[each]);
    }
    if (around) order.push(...rows.slice(0, Math.max(0, at)));
    const next = order.find((row) => shown(row) && wanted(row));
    choose(next);
    return next;
  }

  async function send(mark) {
    try {
      const response = await fetch("/mark", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ session: number, ...mark }),
      });
      const kept = await response.json();
      if (!response.ok) throw new Error(kept.error);
      say(kept.said);
      find("bar").value = kept.marked;
      find("count").textContent = find("count").textContent.replace(/^\d+/, kept.marked);
      if (kept.reload) {
        sessionStorage.setItem("said", kept.said);
        location.reload();
        return null;
      }
      return kept;
    } catch (error) {
      const gone = error instanceof TypeError;
      say(`Not kept: ${gone ? "the program has ended; start annotate again" : error.message}`, true);
      return null;
    }
  }

  function show(kept) {
    const row = rows.find((each) => each.dataset.key === kept.card);
    if (!row) return;
    if (kept.worth === null) delete row.dataset.worth;
    else row.dataset.worth = kept.worth;
    row.querySelector(".badge").textContent = kept.word;
    const detail = detailOf(row);
    for (const button of detail.querySelectorAll(".choice")) {
      button.setAttribute("aria-pressed", String(button.dataset.worth === kept.worth));
    }
    const revealed = detail.querySelector(".revealed");
    revealed.textContent = kept.revealed;
    revealed.hidden = kept.worth === null;
    return row;
  }

  async function judge(worth) {
    if (!chosen?.classList.contains("card")) {
      say("Choose a suggestion first: j");
      return;
    }
    const kept = await send({ type: "worth", card: chosen.dataset.key, worth });
    if (kept === null) return;
    show(kept);
    if (!find("onwards").checked) return;
    if (!step(1, unmarked, true)) {
      const more = number + 1 < Number(document.body.dataset.sessions);
      say(`${kept.said}. All marked${more ? "; ] goes to the next session" : ""}.`);
    }
  }

  async function undo(mark = {}) {
    const kept = await send({ type: "undo", ...mark });
    if (kept !== null) choose(show(kept));
  }

  function miss(from = {}) {
    const given = { ...chosen?.dataset, ...from };
    if (given.need !== undefined) find("need").value = given.need;
    if (given.path !== undefined) find("path").value = given.path;
    find("line").value = given.line ?? "";
    find("from").textContent = chosen?.querySelector("time").textContent ?? "the start";
    find("missing").showModal();
    find("need").focus();
  }

  find("missing-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const value = (id) => find(id).value;
    find("missing").close();
    send({
      type: "missing",
      t: Number(chosen?.dataset.t ?? 0),
      need: value("need"),
      path: value("path").trim(),
      within: Number(value("within")),
      line: value("line") === "" ? null : Number(value("line")),
      note: value("note"),
    });
  });

  function filter() {
    const wanted = find("search").value.trim().toLowerCase();
    for (const row of rows) {
      const kept = !row.classList.contains("silence") || find("silences").checked;
      row.hidden = !kept || !row.textContent.toLowerCase().includes(wanted);
    }
    find("none").hidden = rows.some(shown);
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function visit(index) {
    if (index < 0 || index >= Number(document.body.dataset.sessions)) say("That was the last one");
    else location.assign(`/session/${index}`);
  }

  function toggle(id) {
    find(id).checked = !find(id).checked;
    find(id).dispatchEvent(new Event("change"));
    say(find(id).checked ? "On" : "Off");
  }

  function read(direction) {
    const detail = find("event").parentElement;
    detail.scrollBy(0, direction * 0.8 * detail.clientHeight);
  }

  const keys = {
    " ": (event) => read(event.shiftKey ? -1 : 1),
    j: () => step(1, judged),
    k: () => step(-1, judged),
    ArrowDown: () => step(1, () => true),
    ArrowUp: () => step(-1, () => true),
    n: () => step(1, unmarked, true) || say("All marked"),
    u: () => undo(),
    m: () => miss(),
    s: () => toggle("silences"),
    a: () => toggle("onwards"),
    "/": () => find("search").focus(),
    "?": () => find("help").showModal(),
    "]": () => visit(number + 1),
    "[": () => visit(number - 1),
    1: () => judge("accept"),
    2: () => judge("dismiss"),
    3: () => judge("not-now"),
    4: () => judge("wrong"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || open()) return;
    if (typing(event.target)) {
      if (event.target.id === "search" && (event.key === "Enter" || event.key === "Escape")) {
        if (event.key === "Escape") find("search").value = "";
        filter();
        find("rows").focus();
        if (event.key === "Enter") choose(rows.find((row) => shown(row) && judged(row)) ?? rows.find(shown));
      }
      return;
    }
    const act = keys[event.key];
    // A held key would mark one suggestion after the other.
    // On a button, a space presses it.
    if (event.key === " " && event.target.closest("button, summary")) return;
    if (act === undefined || (event.repeat && /^[1-4um]$/.test(event.key))) return;
    event.preventDefault();
    inTurn(() => act(event));
  });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at(".choice")) inTurn(() => judge(at(".choice").dataset.worth));
    else if (at(".ask")) miss(at(".ask").dataset);
    else if (at(".remove")) inTurn(() => undo({ number: Number(at(".remove").dataset.number) }));
    else if (at(".close")) at("dialog").close();
    else if (at("#ask-help")) find("help").showModal();
    else if (at("#rows > li")) choose(at("#rows > li"));
  });

  for (const id of ["silences", "onwards"]) {
    const kept = localStorage.getItem(id);
    if (kept !== null) find(id).checked = kept === "true";
    find(id).addEventListener("change", () => {
      localStorage.setItem(id, find(id).checked);
      filter();
    });
  }
  find("search").addEventListener("input", filter);
  filter();
  const before = sessionStorage.getItem("said");
  if (before !== null) {
    sessionStorage.removeItem("said");
    say(before);
  }
  const named = rows.find((row) => row.id === history.state?.row);
  choose(named ?? rows.find(unmarked) ?? rows.find((row) => row.classList.contains("card")));
  find("rows").focus({ preventScroll: true });
}
