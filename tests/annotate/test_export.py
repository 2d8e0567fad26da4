"""What marks become: agreement, labels, and sessions that `replay --check` takes."""

import json
import shutil

import pytest

from proactive_lsp.annotate.agreement import agreement
from proactive_lsp.annotate.desk import Desk
from proactive_lsp.annotate.export import check_output, export
from proactive_lsp.annotate.labels import labels_of
from proactive_lsp.annotate.library import Library
from proactive_lsp.annotate.list_pages import agreement_lines
from proactive_lsp.annotate.marks import Judged, Marks, Missing, append_mark
from proactive_lsp.cli import run_command_line
from proactive_lsp.events import span
from proactive_lsp.replay.session import Expect, Quiet, SessionError, scan
from tests.annotate.conftest import SCENARIOS

SPOT = span(0, 0, 0, 1)


def judged(card, worth, t=10.0):
    return Judged(card=card, worth=worth, t=t, need="docstring", path="a.py", range=SPOT)


def missing(t, line=0, need="docstring"):
    where = span(line, 0, line, 0)
    return Missing(t=t, need=need, path="a.py", range=where, within=5)


def by(name, *lines):
    return Marks(name, lines)


def mark(library, index, name, worth):
    card = library.lived(index).cards[0]
    line = Judged(
        card=card.key, worth=worth, t=card.t, need=card.need, path=card.path, range=card.range
    )
    append_mark(library.paths[index], name, line)


def test_a_majority_makes_a_label_and_a_tie_makes_none():
    made = labels_of(
        [
            by("ada", judged("a.1", "accept"), judged("b.1", "accept", 20.0)),
            by("ben", judged("a.1", "accept"), judged("b.1", "wrong", 20.0)),
            by("cleo", judged("a.1", "dismiss")),
        ]
    )
    assert [type(label) for label in made.labels] == [Expect]
    assert made.labels[0].covers(10.0)
    assert made.split == 1


@pytest.mark.parametrize("worth", ["dismiss", "not-now", "wrong"])
def test_what_is_not_worth_accepting_is_to_be_silent(worth):
    made = labels_of([by("ada", judged("a.1", worth))])
    assert [type(label) for label in made.labels] == [Quiet]
    assert made.labels[0].covers(10.0)


def test_silence_ends_where_a_card_is_wanted():
    near, same = judged("b.1", "accept", 11.2), judged("c.1", "wrong", 11.5)
    made = labels_of([by("ada", judged("a.1", "wrong"), near, same)])
    quiet, expect = made.labels
    assert quiet.until < expect.t
    assert made.crowded == 1


def test_what_most_found_missing_is_expected_once():
    made = labels_of(
        [by("ada", missing(3), missing(50)), by("ben", missing(4)), by("cleo", missing(3, line=9))]
    )
    assert [(label.t, label.need) for label in made.labels] == [(3, "docstring")]


def test_agreement_of_two_and_three(sessions):
    library = Library(sessions)
    for name, worth in (("ada", "accept"), ("ben", "accept"), ("cleo", "wrong")):
        mark(library, 0, name, worth)
    append_mark(library.paths[0], "ada", missing(1.0))
    append_mark(library.paths[0], "ben", missing(2.0))
    found = agreement(library)
    assert found.names == ("ada", "ben", "cleo")
    assert [(pair.cards, pair.alike) for pair in found.pairs] == [(1, 1), (1, 0), (1, 0)]
    assert [(pair.missing, pair.alone) for pair in found.pairs] == [(1, 0), (0, 1), (0, 1)]
    assert found.kappa == pytest.approx(-0.5)
    assert [dict(each.said)["cleo"] for each in found.apart] == ["wrong"]
    assert agreement_lines(found)[-1].endswith("judged by all, Fleiss' kappa -0.50")


def test_an_accepted_card_is_one_that_the_check_demands(sessions, tmp_path, capsys):
    library = Library(sessions)
    mark(library, 0, "ada", "accept")
    out = tmp_path / "out"
    assert run_command_line(["annotate", str(sessions), "--export", str(out)]) == 0
    assert "1 label in 1 session" in capsys.readouterr().out
    copy = out / "dismissed-stays-dismissed" / "session.jsonl"
    assert scan(copy).labels
    assert run_command_line(["replay", str(out), "--check"]) == 0
    assert run_command_line(["replay", str(out), "--check", "--disable", "broken-call"]) == 1


def test_a_dismissed_card_fails_the_check_until_it_is_silent(sessions, tmp_path, capsys):
    library = Library(sessions)
    mark(library, 0, "ada", "dismiss")
    old = scan(library.paths[0]).labels
    done = export(library, tmp_path / "out")
    assert done.replaced == sum(isinstance(each.label, Expect) for each in old) > 0
    assert run_command_line(["replay", str(tmp_path / "out"), "--check"]) == 1
    disabled = ["replay", str(tmp_path / "out"), "--check"]
    for kind in {card.need for card in library.lived(0).cards} | {"together"}:
        disabled += ["--disable", kind]
    assert run_command_line(disabled) == 0


def test_a_place_that_was_missing_is_demanded_wherever_on_its_line(sessions, tmp_path):
    library = Library(sessions)
    card = library.lived(0).cards[0]
    desk = Desk(library, "ada")
    asked = {"session": 0, "type": "missing", "t": max(0, card.t - 1), "need": card.need}
    asked |= {"path": card.path, "line": card.range.start.line + 1, "within": 3}
    desk.mark(json.dumps(asked).encode())
    done = export(library, tmp_path / "out")
    assert done.labels == 1
    assert run_command_line(["replay", str(tmp_path / "out"), "--check"]) == 0
    without = ["replay", str(tmp_path / "out"), "--check", "--disable", card.need]
    assert run_command_line(without) == 1


@pytest.mark.shipped_weights
def test_recorded_answers_of_a_model_come_along(tmp_path):
    folder = tmp_path / "sessions"
    shutil.copytree(SCENARIOS / "foreseen-by-model", folder / "foreseen-by-model")
    library = Library(folder)
    cards = library.lived(0).cards
    for card in cards:
        line = Judged(
            card=card.key,
            worth="accept",
            t=card.t,
            need=card.need,
            path=card.path,
            range=card.range,
        )
        append_mark(library.paths[0], "ada", line)
    done = export(library, tmp_path / "out")
    assert done.labels == len(cards) > 0
    replay = ["replay", str(tmp_path / "out"), "--check"]
    assert run_command_line(replay) == 0
    assert run_command_line([*replay, "--model", "none"]) == 1


def test_nothing_else_is_changed_by_an_export(sessions, tmp_path):
    mark(Library(sessions), 0, "ada", "accept")
    before = {path: path.read_bytes() for path in sessions.rglob("*") if path.is_file()}
    export(Library(sessions), tmp_path / "out")
    assert before == {path: path.read_bytes() for path in sessions.rglob("*") if path.is_file()}


def test_what_is_broken_further_on_is_said_before_anything_is_written(sessions, tmp_path):
    library = Library(sessions)
    mark(library, 0, "ada", "accept")
    mark(library, 1, "ada", "accept")
    with library.paths[1].open("a") as file:
        file.write("no line of a session\n")
    with pytest.raises(SessionError, match=r"session\.jsonl:\d+:"):
        export(library, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_never_lands_on_something(sessions, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    (full / "file").write_text("precious")
    library = Library(sessions)
    for out in (full, sessions, full / "file"):
        with pytest.raises(SessionError, match="--export"):
            check_output(out, library)


def test_without_marks_there_is_nothing_to_export(sessions, tmp_path):
    with pytest.raises(SessionError, match="annotate it first"):
        export(Library(sessions), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_marks_do_not_change_what_a_session_in_its_own_workspace_replays_to(sessions):
    folder = sessions / "dismissed-stays-dismissed"
    session = folder / "session.jsonl"
    for entry in (folder / "workspace").iterdir():
        shutil.move(entry, folder / entry.name)
    session.write_bytes(session.read_bytes().replace(b'"path":"workspace"', b'"path":"."', 1))
    before = Library(session).lived(0).rows
    mark(Library(session), 0, "ada", "accept")
    assert Library(session).lived(0).rows == before


def test_agreement_on_the_command_line(sessions, capsys):
    assert run_command_line(["annotate", str(sessions), "--agreement"]) == 0
    assert capsys.readouterr().out == "Nobody has marked anything yet.\n"
    both = ["annotate", str(sessions), "--agreement", "--export", "x"]
    assert run_command_line(both) == 2
    assert "not both" in capsys.readouterr().err
