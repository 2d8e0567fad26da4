"""The entry that a commit owes."""

import pytest
from msgspec import structs

from proactive_lsp.agent.write import result
from proactive_lsp.events import Git
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.needs import changelog
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import TextEdit
from proactive_lsp.workspace.past import Past
from tests.check import situation_of

A = "def area(w, h):\n    return w * h\n"
NEW = A + "\n\ndef volume(a):\n    return a\n"
LOG = "# Changelog\n\n## Unreleased\n\n- Fix `it`.\n\n## 1.2.3\n\n- Start.\n"
USUALLY = Past([("pkg/a.py", "CHANGELOG.md")] * 6 + [("pkg/a.py",)] * 4)


def staged(log=LOG, after=NEW, *, past=USUALLY, name="CHANGELOG.md", staged=("pkg/a.py",)):
    situation = situation_of({"pkg/a.py": A, name: log}, {"pkg/a.py": after})
    return structs.replace(situation, past=past, staged=staged, boundary=Boundary("stage", 10.0))


def drafted(log, after=NEW, name="CHANGELOG.md"):
    """The changelog with the draft."""
    (need,) = changelog.detect(staged(log, after, name=name))
    (place,) = need.places
    assert (place.path, place.certain) == (name, False)
    return result(log, [TextEdit(place.range, place.after)])


def test_drafts_an_entry_at_the_end_of_the_open_section():
    assert drafted(LOG) == LOG.replace("- Fix `it`.\n", "- Fix `it`.\n- Add `volume`.\n")
    (need,) = changelog.detect(staged())
    assert need.title == "Draft an entry in CHANGELOG.md"
    assert need.facts[1].text == "6 of the last 10 commits of source had one"
    assert need.features["changelog-rate"] == 0.6


def test_writes_as_the_file_does():
    log = (
        "Changes\n=======\n\nVersion 2.0\n-----------\n\nUnreleased\n\n"
        "-   One thing\n    goes on here\n-   Another\n\nVersion 1.0\n-----------\n\n"
        "Released 2024-01-02\n\n-   Start\n"
    )
    assert drafted(log, name="CHANGES.rst") == log.replace(
        "-   Another\n", "-   Another\n-   Add ``volume``\n"
    )


def test_chooses_the_group():
    log = (
        "## [Unreleased]\n\n### Added\n\n* One\n\n### Removed\n\n* Two\n\n### Changed\n\n* Three\n"
        "\n## [1.0.0] - 2024-01-02\n"
    )
    assert drafted(log) == log.replace("* One\n", "* One\n* Add `volume`\n")
    assert drafted(log, "x = 1\n") == log.replace("* Two\n", "* Two\n* Remove `area`\n")
    wider = A.replace("h):", "h, unit):")
    assert drafted(log, wider) == log.replace("* Three\n", "* Three\n* Let `area` take `unit`\n")


def test_takes_what_changes_no_definition_for_a_fix():
    log = "## [Unreleased]\n\n### Changed\n\n- One\n\n### Fixed\n\n- Two\n"
    (need,) = changelog.detect(staged(log, A.replace("w * h", "h * w")))
    assert need.places[0].range.start.line == 9


def test_fills_a_section_without_entries():
    log = "# News\n\n## Unreleased\n\n## 1.0 (2024-01-02)\n\n- Start\n"
    assert (
        drafted(log)
        == "# News\n\n## Unreleased\n\n- Add `volume`\n\n## 1.0 (2024-01-02)\n\n- Start\n"
    )


def test_opens_a_section_above_the_newest_release():
    log = "# News\n\n## 1.0 (2024-01-02)\n\n* Start\n"
    assert drafted(log) == (
        "# News\n\n## Unreleased\n\n* Add `volume`\n\n## 1.0 (2024-01-02)\n\n* Start\n"
    )
    log = "News\n====\n\n.. _v1:\n\n1.0 (2024-01-02)\n----------------\n\n- Start\n"
    assert drafted(log, name="docs/changelog.rst") == (
        "News\n====\n\nUnreleased\n----------\n\n- Add ``volume``\n\n"
        ".. _v1:\n\n1.0 (2024-01-02)\n----------------\n\n- Start\n"
    )


def test_keeps_line_ends_and_copes_with_a_missing_last_one():
    log = LOG.replace("it", "größe 😀").replace("\n", "\r\n")
    wanted = log.replace("😀`.\r\n", "😀`.\r\n- Add `volume`.\r\n")
    assert drafted(log) == wanted
    assert drafted("## Unreleased\n\n- One") == "## Unreleased\n\n- One\n- Add `volume`"


def test_points_where_no_definition_says_what_to_write():
    (need,) = changelog.detect(staged(after=A.replace("w * h", "h * w")))
    (place,) = need.places
    assert (place.range.start.line, place.after) == (5, None)
    assert need.title == "Add an entry to CHANGELOG.md"


def test_shows_the_newest_of_the_fragments():
    for folder in ("changelog.d", "newsfragments", "changelog"):
        files = {
            "pkg/a.py": A,
            f"{folder}/99.bugfix.md": "x\n",
            f"{folder}/101.bugfix.md": "x\n",
            f"{folder}/README.md": "x\n",
            "CHANGELOG.md": LOG,
        }
        situation = situation_of(files, {"pkg/a.py": NEW})
        past = Past([("pkg/a.py", f"{folder}/1.bugfix.md")] * 9)
        (need,) = changelog.detect(structs.replace(situation, past=past, staged=("pkg/a.py",)))
        (place,) = need.places
        assert (place.path, place.whole) == (f"{folder}/101.bugfix.md", True)


def after_commit(*, paths=("pkg/a.py",), later=(), kind="commit"):
    situation = situation_of(
        {"pkg/a.py": A, "CHANGELOG.md": LOG}, {"pkg/a.py": NEW}, committed=True
    )
    memory = Memory(NoStore())
    memory.append(Git(1.0, "commit", head="c0ffee00", paths=paths))
    for event in later:
        memory.append(event)
    return structs.replace(situation, past=USUALLY, memory=memory, boundary=Boundary(kind, 10.0))


def test_asks_about_the_last_commit():
    (need,) = changelog.detect(after_commit())
    assert need.facts[0].text == "commit c0ffee00 changed source without a changelog entry"
    assert need.places[0].after == "- Add `volume`.\n"


def test_the_question_stays_the_same_while_work_goes_on():
    (first,), (later,) = (changelog.detect(after_commit(kind=kind)) for kind in ("commit", "save"))
    assert first.id == later.id


def test_a_push_asks_about_what_it_pushed():
    push = Git(2.0, "push", head="c0ffee00")
    assert len(list(changelog.detect(after_commit(later=[push], kind="push")))) == 1


@pytest.mark.parametrize("why", ["edit", "tests", "rate", "entry", "fragment", "moved on"])
def test_stays_quiet(why):
    quiet = {
        "edit": lambda: staged(staged=()),
        "tests": lambda: staged(staged=("tests/test_a.py", "docs/a.md")),
        "rate": lambda: staged(past=Past([("pkg/a.py", "CHANGELOG.md")] + [("pkg/a.py",)] * 9)),
        "entry": lambda: staged(staged=("pkg/a.py", "CHANGELOG.md")),
        "fragment": lambda: staged(staged=("pkg/a.py", "changelog.d/1.md")),
        "moved on": lambda: after_commit(later=[Git(2.0, "checkout", head="beef")]),
    }
    assert list(changelog.detect(quiet[why]())) == []


def test_half_typed_code_is_only_pointed_at():
    (need,) = changelog.detect(staged(after="def area(w, h"))
    assert need.places[0].after is None
