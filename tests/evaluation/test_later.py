"""What the next commits did to a place that a card had named, followed through real histories."""

import subprocess

import pytest

from proactive_lsp.evaluation.commits import select
from proactive_lsp.evaluation.labels import Alarm, JudgedSpot, Pending, Spot, judge_spots, pending
from proactive_lsp.evaluation.later import COMMITS, Later, names_to_come, with_ends
from proactive_lsp.evaluation.steps import Desk, steps_of
from tests.evaluation.histories import history_of, newest, opened
from tests.repositories import commit, git, write

LINES = [f"line_{number} = {number}\n" for number in range(40)]
BODY = "".join(LINES)
# The line that cards name; a commit that changes it does what they say.
NAMED = 20


def body(**changes):
    """The file with some lines replaced: `_3="x"`; a text of several lines moves what follows."""
    lines = list(LINES)
    for name, text in changes.items():
        lines[int(name.removeprefix("_"))] = f"{text}\n"
    return "".join(lines)


def judged(root, spot, rev="HEAD", ids=None):
    """Whether a place that a card named in the first commit was done later; None for unknown."""
    history = opened(root)
    try:
        head = git(root, "rev-parse", rev).strip()
        first = ids or git(root, "rev-list", "--max-parents=0", rev).split()[-1]
        alarm = Alarm(
            "line-clone",
            1,
            (JudgedSpot("line-clone", spot is not None and spot.lines is None, (), end=spot),),
        )
        (found,) = Later(history, head, [first]).judge(first, [alarm])
        return found.spots[0].later
    finally:
        history.close()


HERE = Spot("a.py", (NAMED, NAMED))
DONE = {"_20": "done = 1"}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        # At once, and a line beside it.
        (({"a.py": body(**DONE)},), True),
        (({"a.py": body(_21="near = 1")},), True),
        (({"a.py": body(_23="far = 1")},), False),
        # After a commit that moved it down by two lines; where it was, something else is changed.
        (({"a.py": body(_3="x\ny\nz")}, {"a.py": body(_3="x\ny\nz", **DONE)}), True),
        (({"a.py": body(_3="x\ny\nz")}, {"a.py": body(_3="x\ny\nz", _17="x")}), False),
        # In a file that was renamed, with and without an edit of its own.
        (({"a.py": None, "b.py": BODY}, {"b.py": body(**DONE)}), True),
        (({"a.py": None, "b.py": body(_3="x\ny")}, {"b.py": body(_3="x\ny", **DONE)}), True),
        (({"a.py": None, "b.py": body(**DONE)},), True),
        # A new file of the old name is another file.
        (({"a.py": None, "b.py": BODY}, {"a.py": body(**DONE)}), False),
        # Deleted, or no longer a text that people write.
        (({"a.py": None},), False),
        (({"a.py": "# @generated\n" + BODY},), False),
        (({"other.py": "x = 1\n"},), False),
        # Other line ends are no hunk, and lines stay where they are.
        (
            (
                {"a.py": BODY.replace("\n", "\r\n")},
                {"a.py": body(**DONE).replace("\n", "\r\n")},
            ),
            True,
        ),
    ],
)
def test_a_line_is_followed_through_the_next_commits(tmp_path, states, expected):
    assert judged(history_of(tmp_path / "r", {"a.py": BODY}, *states), HERE) is expected


def test_only_so_many_commits_of_the_file_count(tmp_path):
    """Commits of other files between them do not."""
    passing = [{"a.py": body(_30=f"x = {number}")} for number in range(COMMITS)]
    between = [{"b.py": f"{number}\n"} for number in range(COMMITS)]
    mixed = [state for pair in zip(passing, between, strict=True) for state in pair]
    in_time = history_of(tmp_path / "1", {"a.py": BODY}, *mixed[2:], {"a.py": body(**DONE)})
    too_late = history_of(tmp_path / "2", {"a.py": BODY}, *mixed, {"a.py": body(**DONE)})
    assert judged(in_time, HERE) is True
    assert judged(too_late, HERE) is False


def test_at_the_head_nothing_is_known(tmp_path):
    root = history_of(tmp_path / "r", {"a.py": BODY})
    assert judged(root, HERE) is None


def test_later_than_the_head_does_not_count(tmp_path):
    root = history_of(tmp_path / "r", {"a.py": BODY}, {"b.py": "x\n"}, {"a.py": body(**DONE)})
    assert judged(root, HERE, rev="HEAD~1") is False
    assert judged(root, HERE, rev="HEAD") is True


def test_a_whole_file_is_done_when_one_of_the_next_commits_touches_it(tmp_path):
    other = [{"b.py": f"{number}\n"} for number in range(COMMITS)]
    soon = history_of(tmp_path / "1", {"a.py": BODY}, *other[1:], {"a.py": body(_3="x")})
    late = history_of(tmp_path / "2", {"a.py": BODY}, *other, {"a.py": body(_3="x")})
    assert judged(soon, Spot("a.py")) is True
    assert judged(late, Spot("a.py")) is False


def test_what_is_gone_was_not_done(tmp_path):
    root = history_of(tmp_path / "r", {"a.py": BODY}, {"a.py": body(**DONE)})
    assert judged(root, None) is False


def branched(root, *, on_branch, on_main):
    """A side branch and the main line, each with a commit of its own, then the merge."""
    history_of(root, {"a.py": BODY}, {"start.py": "x\n"})
    git(root, "checkout", "-q", "-b", "side")
    write(root, {"a.py": on_branch})
    commit(root, "Side")
    git(root, "checkout", "-q", "main")
    write(root, {"a.py": on_main})
    commit(root, "Main")
    git(root, "merge", "-q", "--no-ff", "side", "-m", "Merge")
    write(root, {"last.py": "x\n"})
    commit(root, "Last")
    return root


def test_a_merge_is_one_commit_with_what_it_brings(tmp_path):
    root = branched(tmp_path / "r", on_branch=body(**DONE), on_main=body(_3="x"))
    assert judged(root, HERE) is True
    main = git(root, "rev-parse", "HEAD~2").strip()
    assert judged(root, HERE, ids=main) is True


def test_what_others_did_meanwhile_is_no_answer(tmp_path):
    """From the tip of the side branch the merge brings what the main line did before it."""
    root = branched(tmp_path / "1", on_branch=body(_3="x"), on_main=body(**DONE))
    side = git(root, "rev-parse", "side").strip()
    assert judged(root, HERE, ids=side) is False
    # It moves the lines all the same.
    moved = branched(tmp_path / "2", on_branch=body(_30="x"), on_main=body(_3="x\ny\nz"))
    write(moved, {"a.py": body(_30="x", _3="x\ny\nz", **DONE)})
    commit(moved, "Done")
    side = git(moved, "rev-parse", "side").strip()
    assert judged(moved, HERE, ids=side) is True


def test_a_shallow_clone_knows_what_it_has(tmp_path):
    root = history_of(tmp_path / "r", *({"a.py": body(_3=f"x{n}")} for n in range(4)))
    write(root, {"a.py": body(_3="x3", **DONE)})
    commit(root, "Done")
    shallow = tmp_path / "s"
    subprocess.run(
        ("git", "clone", "-q", "--bare", "--depth", "3", f"file://{root}", shallow), check=True
    )
    here = git(root, "rev-parse", "HEAD~1").strip()
    assert judged(shallow, HERE, ids=here) is True
    assert judged(shallow, HERE, ids=git(root, "rev-parse", "HEAD~4").strip()) is None


# Through the rest of the commit itself.


def ends(root, spots, done=1):
    """Where places stand when the newest commit is done, seen after its first steps."""
    history = opened(root)
    try:
        steps = steps_of(newest(history), "canonical", 0)
    finally:
        history.close()
    desk = Desk()
    for step in steps[:done]:
        list(desk.events(step, 0.0))
    later = pending(steps, done, done, desk)
    alarm = with_ends(
        judge_spots("line-clone", done, spots, later),
        spots,
        later,
        names_to_come(steps[done:], desk),
    )
    return [spot.end for spot in alarm.spots]


def test_hunks_still_to_come_move_a_place(tmp_path):
    after = body(_1="x", _3="x\ny\nz", _20="done = 1")
    root = history_of(tmp_path / "r", {"a.py": BODY}, {"a.py": after})
    spots = (Spot("a.py", (2, 2)), Spot("a.py", (10, 11)), Spot("a.py", (20, 20)))
    spots = (*spots, Spot("a.py", (30, 30)), Spot("other.py", (4, 4)), Spot("a.py"))
    # The first is near a hunk to come, as the third is; a whole file is not followed.
    assert ends(root, spots) == [
        None,
        Spot("a.py", (12, 13)),
        None,
        Spot("a.py", (32, 32)),
        Spot("other.py", (4, 4)),
        None,
    ]


def test_files_still_to_be_renamed_or_deleted(tmp_path):
    """A place is named by the old name until then."""
    root = history_of(
        tmp_path / "r",
        {"a.py": "a\n", "old.py": BODY, "zoo.py": BODY + "zoo\n"},
        {"a.py": "b\n", "old.py": None, "new.py": body(_3="x\ny"), "zoo.py": None},
    )
    spots = (Spot("old.py", (NAMED, NAMED)), Spot("zoo.py", (NAMED, NAMED)))
    assert ends(root, spots) == [Spot("new.py", (NAMED + 1, NAMED + 1)), None]


def test_an_insertion_right_above_touches():
    lines = Pending(1, "a.py", "a.py", 5, 5, hunk=None)  # type: ignore[arg-type]
    (near,) = judge_spots("x", 1, (Spot("a.py", (6, 6)),), (lines,)).spots
    (far,) = judge_spots("x", 1, (Spot("a.py", (7, 7)),), (lines,)).spots
    assert (near.hunks, far.hunks) == ((1,), ())


def test_newest_first_over_a_whole_history(tmp_path):
    """Each commit has its own next ones, however many start at once."""
    states = ({"a.py": body(_20=f"x = {number}")} for number in range(5))
    root = history_of(tmp_path / "r", *states)
    history = opened(root)
    ids = [found.id for found in select(history, "HEAD")]
    alarm = Alarm("line-clone", 1, (JudgedSpot("line-clone", False, (), end=HERE),))
    later = Later(history, ids[0], ids)
    found = [later.judge(id, [alarm])[0].spots[0].later for id in ids]
    assert found == [None, True, True, True]
    history.close()
