"""Tell a stretch of work so that what was told stays told: blocks are added at the end, alone.

A model server keeps what it computed of a common beginning, so a prompt costs what is new in it.
When the story is longer than its room, the older half of it goes at once: that costs one
computing anew for as long as the next half takes to fill, where dropping line by line would
cost one each time.
"""

from collections.abc import Sequence
from typing import TypeVar

from proactive_lsp.agent.diffs import before_of, difference
from proactive_lsp.agent.outlines import MAX_FILE_CHARS, headers
from proactive_lsp.agent.telling import data, headed, looked_at, moves, tell
from proactive_lsp.events import Diagnostics, Event, Git, SuggestionEvent
from proactive_lsp.memory import Memory
from proactive_lsp.redaction import redact_file, redact_path
from proactive_lsp.sentences import barred, quoted
from proactive_lsp.situation import Situation
from proactive_lsp.workspace.changes import SemanticChange
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import language_of

# No model is asked at these, and what they would tell is told at the next moment.
UNTOLD = frozenset({"answer", "pause"})
RECENT_EVENTS = 500
"""So many events of one moment are looked at; more is a flood."""
BLOCK_CHARS = 1_500
# Of what one moment brings, at most such a share of the room is told, the newest.
MOMENT_SHARE = 1 / 3
# A file no larger than such a share of the room, or than this in any, is shown as a whole.
WHOLE_SHARE, WHOLE_BYTES = 1 / 12, 1_200
LEFT_OUT = "What happened before was left out."
# Files whose texts are remembered as they were told, and their characters in all.
MOST_FILES, MOST_CHARS = 40, 2_000_000
MOST_OFFERS = 50
MOST_CHANGES = 6
MOST_MESSAGES = 3

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def size(text: str) -> int:
    """Bytes of UTF-8: what lies beyond ASCII is longer to a tokenizer, too."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


class Story:
    """What was told so far; `room` is its greatest size in bytes of UTF-8.

    `look` comes at every boundary. Nothing in it depends on whether a model was asked.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._blocks: list[str] = []
        self._size = 0
        self._seen = 0
        self._at = ""
        self._texts: dict[str, str] = {}
        # Which headers of a file the story holds; a drop may take them out of it.
        self._outlines: dict[str, tuple[str, list[str]]] = {}
        self._offers: dict[str, SuggestionEvent] = {}
        self._reported: dict[tuple[str, str], Diagnostics] = {}
        self._commits: tuple[str, ...] = ()
        self._learned = ""

    @property
    def text(self) -> str:
        """The blocks, oldest first; what was told earlier is a beginning of it, until a drop."""
        return "\n".join(self._blocks)

    @property
    def size(self) -> int:
        """Bytes of UTF-8."""
        return self._size

    def look(self, situation: Situation) -> None:
        """Tell what is new since the last moment; at a pause what is typed is only half done."""
        if situation.boundary.kind in UNTOLD:
            return
        recent = situation.memory.recent(RECENT_EVENTS)
        fresh = [each for each in recent if each.seq > self._seen]
        if not fresh:
            return
        flood = len(fresh) == RECENT_EVENTS
        self._seen = fresh[-1].seq
        # What a memory has of earlier runs is no part of this stretch, and a replay has none of it.
        events = [each.event for each in fresh if each.event.t >= 0]
        for event in events:
            if isinstance(event, SuggestionEvent):
                _keep(self._offers, event.id, event, MOST_OFFERS)
        if moves(events):
            self._follow(situation)
        blocks = [LEFT_OUT] if flood and self._blocks else []
        blocks += tell(
            events,
            self._offers,
            self._reported,
            at=self._at,
            became=lambda path, did: self._became(path, did, situation),
        )
        self._at = looked_at(events, self._at)
        while len(self._reported) > MOST_OFFERS:
            del self._reported[next(iter(self._reported))]
        blocks += self._committed(situation, events)
        learned = _learned(situation.memory)
        if learned != self._learned:
            self._learned = learned
            blocks.append(learned or "Nothing is known any more of what the user wants.")
        self._add(blocks)

    def add(self, block: str) -> None:
        """Tell one thing more, such as what became of a proposal."""
        self._add([block])

    def shorten(self) -> None:
        """Let the older half go, if there is that much: for when it costs nothing."""
        if self._size > self._room // 2:
            self._drop()

    def narrow(self, least: int) -> None:
        """Have half the room from now on, of which `least` bytes stay in any case."""
        self._room = max(self._room // 2, least)
        if self._size > self._room:
            self._drop()

    # Inside.

    def _add(self, blocks: Sequence[str]) -> None:
        most = int(self._room * MOMENT_SHARE) - size(LEFT_OUT) - 1
        kept: list[str] = []
        for block in map(_cut, reversed(blocks)):
            most -= size(block) + 1
            if most < 0:
                kept.append(LEFT_OUT)
                break
            kept.append(block)
        self._blocks += kept[::-1]
        self._size = sum(size(block) + 1 for block in self._blocks)
        if self._size > self._room:
            self._drop()
        elif LEFT_OUT in kept:
            self._forget_outlines()

    def _drop(self) -> None:
        """Keep the newer half, and say again what still holds of the older one."""
        said = ", ".join(self._commits)
        lasting = (f"Messages of the last commits: {said}." if said else "", self._learned)
        again = [LEFT_OUT]
        again += (each for each in lasting if each and size(each) <= self._room // 8)
        half = self._room // 2 - sum(size(block) + 1 for block in again)
        kept: list[str] = []
        for block in reversed(self._blocks):
            half -= size(block) + 1
            if half < 0:
                break
            if block not in again:
                kept.append(block)
        self._blocks = [*again, *kept[::-1]]
        self._size = sum(size(block) + 1 for block in self._blocks)
        self._forget_outlines()

    def _forget_outlines(self) -> None:
        """What the story no longer shows is to be shown again when its file is worked on."""
        self._outlines = {
            path: (block, known)
            for path, (block, known) in self._outlines.items()
            if any(each.endswith(block) for each in self._blocks)
        }

    def _became(self, path: str, did: str, situation: Situation) -> list[str]:
        """What became of a file since it was told last; its outline comes with it when it is new.

        Nothing when it cannot be read.
        """
        text = situation.tree.read(path)
        name = quoted(redact_path(path))
        if text is None:
            return []
        if len(text) > MAX_FILE_CHARS:
            return [f"{did} {name}."] if "edited" in did else []
        before = self._before(path, text, situation)
        if "edited" not in did:
            # What was typed since is told where that ended.
            return [f"{did} {name}.", *self._outlined(path, before, "", situation)]
        self._keep_text(path, text)
        lines = difference(path, before, text) if before != text else []
        block = headed(f"{did} {name}", lines) if lines else ""
        return [*filter(None, [block]), *self._outlined(path, text, block, situation)]

    def _before(self, path: str, text: str, situation: Situation) -> str:
        """The file as it was told last, else as it was when work on it began."""
        told = self._texts.get(path)
        if told is not None:
            return told
        hunks = [hunk for hunk in situation.hunks if hunk.path == path]
        before = before_of(bare_lines(text), hunks) if hunks else None
        return text if before is None else "\n".join(before)

    def _outlined(self, path: str, text: str, told: str, situation: Situation) -> list[str]:
        """The headers of a file, unless the story has them; what was just `told` shows its own.

        A small file that is new to the story is shown as a whole.
        """
        near = next((each.after_start for each in situation.recent if each.path == path), 0)
        lines = bare_lines(text)
        numbers = headers(path, text, near)
        block, known = self._outlines.get(path) or (None, list[str]())
        shown = {line.partition("| ")[2] for line in _cut(told).splitlines()}
        new = [lines[number] for number in numbers if lines[number] not in known]
        if block is not None:
            title, numbers = "also has", [each for each in numbers if lines[each] in new]
        elif size(text) <= min(self._room * WHOLE_SHARE, WHOLE_BYTES):
            title, numbers = "reads now", range(len(bare_lines(text.rstrip())))
        else:
            title = "has"
        wanted = barred(lines[number] for number in numbers)
        missing = any(line.partition("| ")[2] not in shown for line in wanted)
        told_now = ""
        if missing:
            # The whole file is redacted, since a secret may be named far from where it stands.
            safe = bare_lines(redact_file(path, text, language_of(path)))
            title = f"{quoted(redact_path(path))} {title}"
            told_now = _cut(data(title, [safe[number] for number in numbers]))
        # A header that is gone while its file is half typed comes back unsaid.
        first = block or told_now or _cut(told)
        _keep(self._outlines, path, (first, [*known, *new]), MOST_FILES)
        return [told_now] if told_now else []

    def _keep_text(self, path: str, text: str) -> None:
        _keep(self._texts, path, text, MOST_FILES)
        while sum(map(len, self._texts.values())) > MOST_CHARS and len(self._texts) > 1:
            del self._texts[next(iter(self._texts))]

    def _follow(self, situation: Situation) -> None:
        """Other text is in the files now; what nobody works on is taken as told."""
        worked_on = {hunk.path for hunk in situation.hunks}
        for path in list(self._texts):
            text = situation.tree.read(path)
            if text is None:
                del self._texts[path]
            elif path not in worked_on:
                self._texts[path] = text

    def _committed(self, situation: Situation, events: Sequence[Event]) -> list[str]:
        """What a commit did that no editor told about, once."""
        commits = [each for each in events if isinstance(each, Git) and each.op == "commit"]
        if not commits:
            return []
        subjects = [quoted(each.message.splitlines()[0]) for each in commits if each.message]
        self._commits = (*self._commits, *subjects)[-MOST_MESSAGES:]
        heads = {each.head or "" for each in commits}
        changes = [
            change
            for each in situation.committed
            if each.id in heads
            for change in each.changes
            if change.path not in self._texts
        ]
        if not changes:
            return []
        return [
            headed("Commits also did this", [_changed(each) for each in changes[:MOST_CHANGES]])
        ]


def _learned(memory: Memory) -> str:
    """What this user said yes and no to so far, and wants to hear nothing of; "" for nothing."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for kind in memory.learned_kinds():
        tallies = memory.weights(kind).values()
        yes = sum(each.accepted for each in tallies)
        no = sum(each.no for each in tallies)
        if yes > no:
            wanted.append(kind)
        elif no > yes:
            unwanted.append(kind)
    muted = [
        f"{quoted(kind)} in {quoted(prefix)}" if prefix else quoted(kind)
        for kind, prefix in sorted(memory.muted())
    ]
    said = (
        ("The user mostly accepts", list(map(quoted, wanted))),
        ("mostly refuses", list(map(quoted, unwanted))),
        ("muted", muted),
    )
    told = "; ".join(f"{what} {', '.join(kinds)}" for what, kinds in said if kinds)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _changed(change: SemanticChange) -> str:
    path = quoted(redact_path(change.path))
    definition = change.after or change.before
    header = definition.header if definition is not None else change.name
    shown = quoted(redact_file(change.path, header, language_of(change.path)))
    return f"{change.kind}: {shown} in {path}"


def _cut(block: str) -> str:
    if len(block) <= BLOCK_CHARS:
        return block
    # Half a line could not be quoted.
    whole = block[:BLOCK_CHARS].rpartition("\n")[0] or block[:BLOCK_CHARS]
    return f"{whole}\n..."


def _keep(kept: dict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    """Remember as the newest; the oldest goes."""
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > most:
        del kept[next(iter(kept))]
