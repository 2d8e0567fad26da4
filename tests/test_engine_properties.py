"""Whatever happens in whatever order: no exception, bounded memory, safe edits, the same twice."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proactive_lsp.agent.write import result
from proactive_lsp.assembly import for_replay
from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.events import (
    Answer,
    Change,
    Close,
    Command,
    CommittedFile,
    DiagnosticItem,
    Diagnostics,
    Edit,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
    SuggestionEvent,
    TestResult,
    span,
)
from proactive_lsp.explain.log import MOST_CARDS as MOST_KEPT
from proactive_lsp.explain.log import MOST_SILENCES
from proactive_lsp.replay.player import play
from proactive_lsp.reward import RewardSettings
from proactive_lsp.reward.standing import MOST_CARDS
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Plan, Suggestion
from proactive_lsp.workspace.documents import split_lines, text_in
from proactive_lsp.workspace.syntax import parses
from proactive_lsp.workspace.tree import FilesTree

SHAPES = (
    "class Box:\n    def grow(self, by, step=1):\n        return by * step\n\n\n"
    "def area(width, height, unit):\n    return width * height, unit\n"
)
USE = "from lib.shapes import Box, area\n\n\ndef main():\n    return area(2, 3, unit='🙂')\n"
LINE = "limit = settings.get('limit', default_limit)\n"
FILES = {
    "lib/shapes.py": SHAPES,
    "use.py": USE + LINE + "Box().grow(1, step=2)\n",
    "tests/test_use.py": f"from lib.shapes import area\r\n{LINE}area(1, 2, 'm')\r\n",
    "README.md": "Call `area(1, 2, unit)` first.\n",
}

paths = st.sampled_from([*FILES, "new.py", "lib/deep/er.py", "lib", ".github/workflows/ci.yml"])
numbers = st.integers(0, 12) | st.integers(0, 2**40)
ranges = st.builds(span, numbers, numbers, numbers, numbers)
WORDS = ("area", "surface", "grow", "unit", "width, ", ", unit", "🙂", "\n", "\r", '"""', "(", ")")
texts = (
    st.lists(st.sampled_from(WORDS), max_size=3).map("".join)
    | st.sampled_from(
        [
            *(*FILES.values(), SHAPES.replace(", unit", ""), SHAPES.replace("area", "surface")),
            *(SHAPES.replace("by, step=1", "by"), USE.replace("2, 3", "3, 2")),
            *(LINE.replace("'limit'", "'most'"), "def area(width, hei", "password = 'hunter22'\n"),
        ]
    )
    | st.text(max_size=12)
)
changes = st.lists(st.builds(Change, st.none() | ranges, texts), max_size=3).map(tuple)
# Stands for the id of a card that was offered, when there is one.
ids = st.sampled_from(["first", "last", "feedbeef"])
optional = st.none() | texts
files = st.lists(st.builds(CommittedFile, paths, optional, optional), max_size=2).map(tuple)
T = st.just(0.0)


def what_happens():
    """One well-typed event of any type, at time 0."""
    op = st.sampled_from
    return st.one_of(
        st.builds(Open, T, paths, st.integers(-5, 5), st.just("python"), texts),
        st.builds(Open, T, st.sampled_from([*FILES]), st.just(1), st.just("python"), texts),
        st.builds(Close, T, paths),
        st.builds(Save, T, paths),
        *[st.builds(Edit, T, paths, numbers, changes, st.none() | ids, st.none())] * 4,
        *[st.builds(one_edit, st.sampled_from(TYPICAL))] * 4,
        st.builds(Focus, T, paths, st.none() | ranges),
        st.builds(FileOperation, T, op(["created", "renamed", "deleted"]), paths, paths),
        st.builds(Diagnostics, T, paths, texts, items),
        st.builds(
            Git,
            T,
            op(["commit", "checkout", "stage", "merge", "conflict", "rebase", "stash", "push"]),
            head=texts,
            message=texts,
            phase=op([None, None, "started", "finished"]),
            files=files,
        ),
        st.builds(Command, T, texts, st.integers(-1, 255), tail=texts),
        st.builds(TestResult, T, texts, texts, st.none() | paths),
        st.builds(SuggestionEvent, T, ids, op(["shown", "offered", "stale"]), texts, paths, ranges),
        *[st.builds(Answer, T, ids, op(["accepted", "dismissed", "ignored", "muted", "undone"]))]
        * 2,
    )


items = st.lists(st.builds(DiagnosticItem, ranges, st.integers(1, 4), texts), max_size=2).map(tuple)
TYPICAL = (
    ("lib/shapes.py", SHAPES.replace(", unit", "")),
    ("lib/shapes.py", SHAPES.replace("def area", "def surface")),
    ("lib/shapes.py", SHAPES.replace("by, step=1", "by")),
    ("lib/shapes.py", SHAPES),
    ("use.py", FILES["use.py"].replace("'limit'", "'most'")),
    ("README.md", ""),
)


def one_edit(typical):
    """A whole new text that makes sense, for the file it is of."""
    path, text = typical
    return Edit(0.0, path, 2, (Change(None, text),))


steps = st.tuples(st.sampled_from([0.0, 0.1, 1.0, 5.0, 90.0, 4000.0]), what_happens())
# Answers silence a session soon, so most of them begin with a change that owes something.
openings = st.sampled_from(TYPICAL).map(
    lambda typical: [
        (0.0, Open(0.0, typical[0], 1, "python", FILES[typical[0]])),
        (0.1, one_edit(typical)),
        (1.0, Save(0.0, typical[0])),
    ]
)
sessions = st.builds(lambda first, rest: [*first, *rest], openings, st.lists(steps, max_size=20))


class Watcher:
    """Looks at everything at each outcome, as the user could."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.outcomes = []

    def heard(self, event):
        self.bounded()

    def decided(self, outcomes, seconds):
        self.outcomes += outcomes
        self.bounded()
        for outcome in outcomes:
            if outcome.offered is not None:
                self.stands_in_the_text(outcome.offered)
        for card in self.engine.current:
            self.stands_in_the_text(card)
            self.plans_safely(card)
        # The same card under two ids, or two cards under one, could not be answered.
        ids = [card.id for card in self.engine.current]
        assert len(ids) == len(set(ids))

    def bounded(self):
        assert self.engine.memory.size <= 4_000_000
        assert len(self.engine.memory.recent(10_000)) <= 2_000
        assert len(self.engine.current) <= MOST_CARDS
        kept = self.engine.told.kept
        assert len(kept.silences) <= MOST_SILENCES
        assert len(kept.cards) <= MOST_KEPT

    def stands_in_the_text(self, card: Suggestion):
        tree = self.engine.work.tree
        listed = tree.paths()
        for place in card.places:
            text = tree.read(place.path)
            assert text is not None
            assert place.path in listed
            assert text_in(split_lines(text), place.range) == place.before

    def plans_safely(self, card: Suggestion):
        plan = self.engine.plan(card.id)
        if not isinstance(plan, Plan):
            return
        for file in plan.files:
            text = self.engine.work.tree.read(file.path)
            assert text is not None
            assert file.path in self.engine.work.tree.paths()
            assert not file.path.startswith(".github/") or card.path == file.path
            if file.path.endswith(".py") and parses("python", text):
                assert parses("python", result(text, file.edits))
        self.engine.hand_out(plan)


EAGER = Settings(reward=RewardSettings(eagerness="high", cards_per_hour=100))


def live(session):
    """What comes of a session; ids that stand for cards are filled in as it goes."""
    clock = VirtualClock()
    scheduler = for_replay(EAGER, base=FilesTree(FILES), clock=clock)
    watcher = Watcher(scheduler.engine)

    def events():
        now = 0.0
        for seconds, event in session:
            now += seconds
            fields = {"t": now}
            if isinstance(event, Answer | SuggestionEvent):
                fields["id"] = filled(event.id)
            elif isinstance(event, Edit) and event.origin is not None:
                fields["origin"] = filled(event.origin)
            yield type(event)(**{n: getattr(event, n) for n in event.__struct_fields__} | fields)

    def filled(id):
        cards = [each.offered.id for each in watcher.outcomes if each.offered is not None]
        found = {"first": cards[:1], "last": cards[-1:]}.get(id)
        return found[0] if found else id

    asyncio.run(play(events(), scheduler, clock, watcher))
    scheduler.close()
    return watcher


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(sessions)
def test_anything_may_happen(session):
    first = live(session)
    assert live(session).outcomes == first.outcomes
