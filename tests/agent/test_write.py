"""Edits that are safe to apply now, or a reason why there are none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.agent.guarded import guarded
from proactive_lsp.agent.write import Made, guard, nearest, plan, relocate, result
from proactive_lsp.events import Open, span
from proactive_lsp.needs import NeedsSettings
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Fact, Need, Place, Plan, Stale, TextEdit
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.tree import DiskTree, FilesTree, OverlayTree
from tests.desk import Desk


def place(line, first, last, before, after, path="a.py", **more):
    return Place(path, span(line, first, line, last), before, after, **more)


def made(files, *places, trigger="a.py"):
    """The plan for these places over these files, all of them open at version 7."""
    tree = files if isinstance(files, DiskTree) else FilesTree(files)
    return plan("id", "Do it", places, trigger=trigger, tree=tree, version=lambda path: 7)


def after(files, *places, **more):
    """The texts once the plan was carried out."""
    found = made(files, *places, **more)
    assert isinstance(found, Plan), found
    return {file.path: result(files[file.path], file.edits) for file in found.files}


def test_edits_are_sorted_by_file_and_place():
    files = {"a.py": "one = 1\ntwo = 2\n", "b.py": "one = 1\n"}
    found = made(
        files,
        place(0, 0, 3, "one", "eins", "b.py"),
        place(1, 0, 3, "two", "zwei", certain=False, note="a guess"),
        place(0, 0, 3, "one", "eins"),
    )
    assert [file.path for file in found.files] == ["a.py", "b.py"]
    assert found.files[0].version == 7
    assert found.files[0].edits == (
        TextEdit(span(0, 0, 0, 3), "eins"),
        TextEdit(span(1, 0, 1, 3), "zwei", certain=False, label="a guess"),
    )


def test_columns_are_utf16():
    files = {"a.py": "s = '🙂🙂'; old()\n"}
    assert after(files, place(0, 12, 15, "old", "new")) == {"a.py": "s = '🙂🙂'; new()\n"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.py": "x = old\n"}, "a.py changed at line 1"),
        ({"a.py": ""}, "a.py changed at line 1"),
        ({}, "a.py is gone or can no longer be read"),
    ],
)
def test_text_that_moved_on_is_stale(files, says):
    assert made(files, place(0, 0, 3, "old", "new")) == Stale("id", says)


def test_one_moved_place_makes_all_of_it_stale():
    files = {"a.py": "old\n", "b.py": "moved\n"}
    found = made(files, place(0, 0, 3, "old", "new"), place(0, 0, 3, "old", "new", "b.py"))
    assert isinstance(found, Stale)


def test_a_place_without_a_text_only_points():
    assert made({"a.py": "old()\n"}, place(0, 0, 3, "old", None)) == Plan("id", "Do it", ())


def test_places_that_overlap_are_edited_once():
    files = {"a.py": "old_old\n"}
    assert after(
        files, place(0, 0, 7, "old_old", "new"), place(0, 4, 7, "old", "x"), place(0, 7, 7, "", "2")
    ) == {"a.py": "new2\n"}


def test_an_edit_that_breaks_the_syntax_is_refused():
    broken = made({"a.py": "f(1)\n"}, place(0, 1, 4, "(1)", "(1"))
    assert broken == Stale("id", "the edit would break the syntax of a.py")


def test_what_did_not_parse_before_may_be_edited():
    assert after({"a.py": "f(1\n"}, place(0, 0, 1, "f", "g")) == {"a.py": "g(1\n"}


def test_text_without_a_grammar_may_be_edited():
    files = {"a.md": "((\n"}
    assert after(files, place(0, 0, 2, "((", "(((", "a.md"), trigger="a.md") == {"a.md": "(((\n"}


GUARDED = [
    *(".git/hooks/pre-commit", ".git/config", "sub/.git/config", ".vscode/tasks.json"),
    *(".github/workflows/ci.yml", ".gitlab-ci.yml", ".circleci/config.yml", ".husky/pre-push"),
    *(".pre-commit-config.yaml", ".githooks/pre-commit", ".travis.yml", "Jenkinsfile"),
    *("azure-pipelines.yml", ".idea/runConfigurations/x.xml", "deep/down/.vscode/settings.json"),
    *(".GitHub/workflows/ci.yml", ".VSCode/tasks.json", "jenkinsfile", "ci/Jenkinsfile.prod"),
    *(".GIT/config", "worktree/.git", ".ci/run", ".gitea/workflows/a.yml", ".cirrus.yml"),
    *(".forgejo/workflows/a.yml", ".drone.yml", "appveyor.yml", ".appveyor.yml", ".build.yml"),
    *(".semaphore/s.yml", ".teamcity/settings.kts", ".tekton/a.yaml", ".builds/a.yml"),
    *("buildspec.yml", "cloudbuild.yaml", "cloudbuild.yml", "bamboo-specs/b.yml"),
    *(".azure-pipelines/a.yml", "bitbucket-pipelines.yml", ".woodpecker.yml", ".buildkite/p.yml"),
    *("hooks/pre-commit", "hooks/post-checkout.py", "hooks/update", "lefthook.yml", ".hg/hgrc"),
    *(".lefthook/pre-commit/x.sh", ".overcommit.yml", ".gitmodules", ".gitattributes"),
    *(".gitconfig", ".envrc", ".devcontainer/devcontainer.json", "a.code-workspace", ".exrc"),
    *(".zed/tasks.json", ".vs/tasks.vs.json", ".nvim.lua", ".nvimrc", ".vimrc", ".dir-locals.el"),
    *(".helix/languages.toml", ".gitlab/ci/build.yml"),
]


@pytest.mark.parametrize("path", GUARDED)
def test_files_that_run_things_are_left_alone_unless_the_trigger_is_there(path):
    files = {path: "old\n", "a.py": "old\n"}
    places = (place(0, 0, 3, "old", "new", path), place(0, 0, 3, "old", "new"))
    assert guarded(path)
    assert list(after(files, *places)) == ["a.py"]
    assert sorted(after(files, *places, trigger=path)) == sorted(["a.py", path])


@pytest.mark.parametrize(
    "path",
    [
        *("a.py", ".gitignore", "git/a.py", "github/x.py", "docs/vscode/a.md", "a.github/x"),
        *("hooks/use_area.py", "hooks/update.ts", "src/pre-commit.py", "jenkinsfile_parser.py"),
    ],
)
def test_other_files_are_not_guarded(path):
    assert not guarded(path)


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.py").write_text("old\n")
    (root / "folder").symlink_to(outside)
    (root / "link.py").symlink_to(outside / "a.py")
    for path in ("folder/a.py", "link.py"):
        found = made(DiskTree(root), place(0, 0, 3, "old", "new", path))
        assert found == Plan("id", "Do it", ())


AREA = "def area(width, height, unit):\n    return width * height, unit\n"
USE = "from lib.shapes import area\n\narea(2, 3, 'cm')\n"


def test_a_linked_folder_gets_no_edits_through_the_engine(tmp_path: Path):
    """Its files are not of the workspace, whoever calls what is in them."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "use.py").write_text(USE)
    root = tmp_path / "root"
    (root / "lib").mkdir(parents=True)
    (root / "lib/shapes.py").write_text(AREA)
    (root / "use.py").write_text(USE)
    (root / "linked").symlink_to(outside)
    desk = Desk(base=DiskTree(root), settings=Settings(needs=NeedsSettings(off=("line-clone",))))
    desk.work("lib/shapes.py", AREA, AREA.replace(", unit", ""))
    assert [file.path for file in desk.plan().files] == ["use.py"]


def test_an_open_file_behind_a_link_out_of_the_workspace_gets_no_edits(tmp_path: Path):
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    (outside / "use.py").write_text(USE)
    (root / "lib").mkdir(parents=True)
    (root / "lib/shapes.py").write_text(AREA)
    (root / "linked").symlink_to(outside)
    desk = Desk(base=DiskTree(root))
    desk.open("linked/use.py", USE)
    desk.work("lib/shapes.py", AREA, AREA.replace(", unit", ""))
    assert all(desk.plan(card).files == () for card in desk.cards)


def test_the_nearest_of_equal_places_is_meant():
    places = [place(line, 0, 3, "old", "new") for line in (1, 5, 9)]
    assert nearest(place(6, 0, 3, "old", "new"), places) == (places[1],)
    assert nearest(place(6, 0, 3, "old", "other"), places) == ()
    assert nearest(place(6, 0, 3, "old", "new", "b.py"), places) == ()


def need(*places):
    return Need("predicted", "a.py", span(0, 0, 0, 1), "x", "Look", (Fact("f"),), places)


def test_relocate_follows_the_line_to_its_nearest_twin():
    made = need(place(4, 0, 5, "x = 1", None))
    moved = relocate(made, FilesTree({"a.py": "x = 1\n\n\n\n\n\nx = 1\n"}))
    assert moved.places[0].range == moved.range == span(6, 0, 6, 5)
    assert moved.id == made.id


def test_relocate_gives_up_when_the_line_is_gone():
    assert relocate(need(place(0, 0, 5, "x = 1", None)), FilesTree({"a.py": "x = 12\n"})) is None
    assert relocate(need(place(0, 0, 5, "x = 1", None)), FilesTree({})) is None


@given(st.text(max_size=60), st.data())
def test_whatever_the_text_only_the_places_change(text, data):
    """Arbitrary places on arbitrary text: an edit or a `Stale`, never an exception."""
    numbers = st.integers(0, 8)
    where = data.draw(st.builds(span, numbers, numbers, numbers, numbers))
    before = data.draw(st.sampled_from(["", text]) | st.text(max_size=3))
    found = made({"a.md": text}, Place("a.md", where, before, "new"), trigger="a.md")
    if isinstance(found, Plan):
        (file,) = found.files
        assert len(result(text, file.edits)) == len(text) - len(before) + 3


def edit(line: int, start: int, end: int, text: str, *, certain: bool = True) -> TextEdit:
    return TextEdit(span(line, start, line, end), text, certain)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("say new\n# new\nnew\n", True),
        ("say new\n# old\nnew\n", True),
        ("say old\n# new\nnew\n", False),
        ("say new\n# old\nold\n", False),
        ("say new\n# other\nnew\n", False),
        ("say new\n# old\nnew\nand more\n", False),
        ("say old\n# old\nold\n", False),
    ],
)
def test_what_is_uncertain_may_be_left_unticked(text: str, made: bool):
    edits = [edit(0, 4, 7, "new"), edit(1, 2, 5, "new", certain=False), edit(2, 0, 3, "new")]
    assert (text in Made("say old\n# old\nold\n", edits)) is made


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("hook.py", ".git/hooks/post-commit.py"),
        ("alias.py", ".github/workflows/x.py"),
        ("hooks", ".git/hooks"),
        ("near.py", "a.py"),
        ("dangling.py", "../outside/new.py"),
        ("later.py", "not/there/yet.py"),
        ("outside", "../outside"),
        ("loop", "loop"),
    ],
)
def test_nothing_is_written_through_a_link(tmp_path: Path, link: str, target: str):
    """Wherever it leads, and whether or not there is a file: an editor may hold a new one."""
    root = tmp_path / "root"
    (tmp_path / "outside").mkdir()
    for path in (".git/hooks/post-commit.py", ".github/workflows/x.py", "a.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("old\n")
    (root / link).symlink_to(target)
    path = link if link.endswith(".py") else f"{link}/post-commit.py"
    documents = Documents()
    documents.open(Open(0.0, path, 1, "python", "old\n"))
    tree = OverlayTree(DiskTree(root), documents)
    here, linked = place(0, 0, 3, "old", "new"), place(0, 0, 3, "old", "new", path)
    assert [one.after for one in guard(need(linked, here), tree).places] == [None, "new"]
    for trigger in ("a.py", path):
        found = plan("id", "Do it", (linked, here), trigger=trigger, tree=tree, version=lambda _: 1)
        assert [file.path for file in found.files] == ["a.py"]


def test_a_new_file_in_the_workspace_may_be_written(tmp_path: Path):
    documents = Documents()
    documents.open(Open(0.0, "new/fresh.py", 1, "python", "old\n"))
    tree = OverlayTree(DiskTree(tmp_path), documents)
    assert guard(ours := need(place(0, 0, 3, "old", "new", "new/fresh.py")), tree) is ours


def test_a_place_where_nothing_may_be_written_only_points():
    tree = FilesTree({".github/workflows/ci.yml": "old", "a.py": "old"})
    ours = place(0, 0, 3, "old", "new")
    kept = guard(need(place(0, 0, 3, "old", "new", ".github/workflows/ci.yml"), ours), tree)
    assert [one.after for one in kept.places] == [None, "new"]
