"""Capture: a fault becomes a scenario that fails at once, with no more files than it needs."""

import shutil
from pathlib import Path

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import SuggestionEvent
from proactive_lsp.needs import KINDS
from proactive_lsp.replay.session import Expect, FolderWorkspace, Quiet, read_header, read_items

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def run(*arguments: object) -> int:
    return run_command_line(["sessions", "capture", *map(str, arguments)])


def check(folder: Path, *options: str) -> int:
    return run_command_line(["replay", str(folder), "--check", *options])


def offered(session: Path) -> SuggestionEvent:
    """The first card of a recording."""
    items = (item for _, item in read_items(session / "session.jsonl"))
    return next(item for item in items if isinstance(item, SuggestionEvent))


def files(folder: Path) -> set[str]:
    root = folder / "workspace"
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_what_should_not_have_been_suggested_fails_until_it_is_not(tmp_path, capsys):
    """With the detector that spoke it is a miss; without it, as if mended, all is well."""
    source = SCENARIOS / "renamed-function"
    card = offered(source)
    out = tmp_path / "too-much"
    assert run(source, "--quiet", "--at", card.t, "-o", out) == 0
    assert "fails as it should" in capsys.readouterr().out
    labels = [item for _, item in read_items(out / "session.jsonl") if isinstance(item, Quiet)]
    assert len(labels) == 1
    assert check(out) == 1
    mended = [option for kind in KINDS for option in ("--disable", kind)]
    assert check(out, *mended) == 0


def test_what_should_have_been_suggested_fails_until_it_is(tmp_path, capsys):
    """The recording of a card that came, replayed without its detector's help, lacks it."""
    source = SCENARIOS / "too-soon"
    out = tmp_path / "missing"
    quiet = next(
        item for _, item in read_items(source / "session.jsonl") if isinstance(item, Quiet)
    )
    path = next(iter(sorted(files(source))))
    arguments = ["--expect", "docstring", "--path", path, "--at", quiet.t]
    assert run(source, *arguments, "-o", out) == 0
    assert "wanted a docstring card" in capsys.readouterr().out
    assert check(out) == 1


def test_what_does_not_show_in_the_replay_is_said(tmp_path, capsys):
    """Exit 1: the scenario is there, but it guards and does not fail."""
    out = tmp_path / "silent"
    assert run(SCENARIOS / "words-only", "--quiet", "--at", 0, "--within", 100, "-o", out) == 1
    assert "does NOT fail" in capsys.readouterr().out
    assert check(out) == 0


def test_an_offered_card_is_not_missing(tmp_path, capsys):
    source = SCENARIOS / "renamed-function"
    card = offered(source)
    arguments = ["--expect", card.need, "--path", card.path, "--at", card.t]
    assert run(source, *arguments, "-o", tmp_path / "there") == 1
    assert "offers it" in capsys.readouterr().out


def test_files_that_do_not_matter_are_left_out(tmp_path):
    """A workspace of a hundred files more makes the same scenario."""
    source = tmp_path / "source"
    shutil.copytree(SCENARIOS / "renamed-function", source)
    for number in range(100):
        (source / "workspace" / f"other_{number}.py").write_text(f"VALUE_{number} = {number}\n")
    card = offered(source)
    assert run(source, "--quiet", "--at", card.t, "-o", tmp_path / "out") == 0
    assert not [name for name in files(tmp_path / "out") if name.startswith("other_")]
    assert len(files(tmp_path / "out")) <= len(files(SCENARIOS / "renamed-function"))
    assert isinstance(read_header(tmp_path / "out" / "session.jsonl").workspace, FolderWorkspace)


def test_the_same_capture_makes_the_same_bytes(tmp_path):
    card = offered(SCENARIOS / "line-clone")
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        out = tmp_path / name / "out"
        assert run(SCENARIOS / "line-clone", "--quiet", "--at", card.t, "-o", out) == 0
        made.append({path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()})
    one, two = ([*content.values()] for content in made)
    assert one == two


def test_a_line_is_wanted_from_its_first_to_its_last_column(tmp_path):
    source = SCENARIOS / "line-clone"
    card = offered(source)
    path = sorted(name for name in files(source) if name.endswith(".py"))[-1]
    arguments = ["--expect", "release", "--path", path, "--line", 1, "--at", card.t]
    assert run(source, *arguments, "-o", tmp_path / "out") == 0
    items = [item for _, item in read_items(tmp_path / "out" / "session.jsonl")]
    label = next(item for item in items if isinstance(item, Expect))
    text = (source / "workspace" / path).read_text().splitlines()[0]
    assert label.range is not None
    assert (label.range.start.character, label.range.end.character) == (0, len(text))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--at", 1], "give --expect KIND, or --quiet"),
        (["--quiet"], "give --at SECONDS"),
        (["--quiet", "--at", -1], "give --at SECONDS"),
        (["--quiet", "--expect", "docstring", "--at", 1], "opposite"),
        (["--expect", "docstrng", "--at", 1], "did you mean docstring?"),
        (["--expect", "docstring", "--at", 1], "give --path PATH"),
        (["--expect", "docstring", "--at", 1, "--path", "../a.py"], "leaves the workspace"),
        (["--expect", "docstring", "--at", 1, "--path", "READMEE.md"], "did you mean README.md?"),
        (["--expect", "release", "--at", 1, "--path", "README.md", "--line", 9_999], "lines then"),
    ],
)  # fmt: skip
def test_half_a_wish_is_refused(tmp_path, capsys, arguments, told):
    assert run(SCENARIOS / "words-only", *arguments, "-o", tmp_path / "out") == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
