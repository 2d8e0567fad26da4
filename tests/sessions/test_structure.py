"""Structure: no word of the user is left, and everything that is not a word is."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.events import (
    Answer,
    Change,
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
    check_path,
    encode_event,
    span,
)
from proactive_lsp.replay.session import FilesWorkspace, FolderWorkspace, Header
from proactive_lsp.sessions.structure import Shaper
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.grammars import SyntaxTree, keywords
from proactive_lsp.workspace.languages import language_of

ROOT = Path(__file__).parents[2]
SOURCES = [
    *sorted((ROOT / "proactive_lsp" / "needs").glob("*.py"))[:25],
    *sorted((ROOT / "clients" / "vscode" / "src").glob("*.ts"))[:10],
]
CODE = {
    "go": 'package shop\n\nfunc Sum(xs []int) int {\n\tfor range xs { _ = 0x1F }\n\treturn 7\n}\n',
    "rust": "pub fn total<'a>(mut xs: Vec<u32>) -> u32 { let s = r#\"raw\"#; xs[0] + 3u32 }\n",
    "java": 'class Till { static final int M = 10_000L; void pay(T to) { go("\\u0041\\n"); } }\n',
    "javascript": "const pay = async (x = `a${1}b`) => ({ ...x, /[a-z]+\\d/.test(x) })\n",
}  # fmt: skip


def shaper(secret: bytes = b"secret") -> Shaper:
    return Shaper(secret)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_code_keeps_its_shape_and_loses_its_words(path):
    text, language = path.read_text(encoding="utf-8"), language_of(path.name)
    assert language is not None
    shaped = shaper().text(text, language)
    assert utf16_length(shaped) == utf16_length(text)
    assert re.findall(r"\s", shaped) == re.findall(r"\s", text)
    before, after = SyntaxTree(language, text), SyntaxTree(language, shaped)
    assert len(after.errors) == len(before.errors)
    assert kinds(after) == kinds(before)
    # Long words are not alike by chance.
    words = {word for word in re.findall(r"[A-Za-z]{9,}", text) if word in shaped}
    assert not words - keywords(language) - {"undefined", "changelog", "changelog".title()}


def kinds(tree: SyntaxTree) -> list[str]:
    found, nodes = [], [tree.root]
    while nodes:
        node = nodes.pop()
        found.append(node.type)
        nodes += node.children
    return found


@pytest.mark.parametrize("language", CODE)
def test_each_language_still_parses(language):
    text = CODE[language]
    before, after = SyntaxTree(language, text), SyntaxTree(language, shaper().text(text, language))
    assert len(after.errors) == len(before.errors)


@settings(max_examples=60)
@given(st.text(max_size=60), st.sampled_from([None, "python", "typescript", "markdown"]))
def test_any_text_keeps_its_length_and_lines(text, language):
    shaped = shaper().text(text, language)
    assert utf16_length(shaped) == utf16_length(text)
    for end in "\r\n":
        assert [i for i, c in enumerate(sixteen(shaped)) if c == ord(end)] == [
            i for i, c in enumerate(sixteen(text)) if c == ord(end)
        ]
    assert all(sign.isascii() or sign.isspace() for sign in shaped)


def sixteen(text: str) -> list[int]:
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[i] + 256 * data[i + 1] for i in range(0, len(data), 2)]


@given(st.from_regex(r"[^\0\\/.][^\0\\/]{0,20}(/[^\0\\/.]{1,9}){0,3}", fullmatch=True))
def test_any_path_stays_one_inside_the_workspace(path):
    try:
        check_path(path)
    except ValueError:
        return
    shaped = shaper().path(path)
    check_path(shaped)
    assert shaped.count("/") == path.count("/")


def test_the_same_names_stay_the_same_and_different_ones_different():
    names = [f"name_{number}" for number in range(5_000)] + list("abcdefgh")
    made = shaper()
    words = [made.text(name, "python") for name in names]
    assert len(set(words)) == len(names)
    assert words == [made.text(name, "python") for name in names]
    assert made.path("name_7.py") == f"{words[7]}.py"


def test_another_secret_makes_other_words():
    text = "def shipping_cost(parcel): ..."
    assert shaper(b"one").text(text, "python") != shaper(b"two").text(text, "python")


def test_tests_are_still_tests():
    made = shaper()
    assert re.fullmatch(r"tests/test_\w{4}\.py", made.path("tests/test_cart.py"))
    assert re.fullmatch(r"src/\w{4}\.test\.ts", made.path("src/cart.test.ts"))
    assert made.text("def test_cart(): ...", "python").startswith("def test_")


def test_no_event_tells_a_word():
    """Each kind of event, with a secret word wherever it can carry one."""
    w = "zanzibar"
    here = span(0, 0, 0, 8)
    item = DiagnosticItem(here, 1, w, w)
    file = CommittedFile(f"{w}.py", w, f"{w} = 1\n")
    events = [
        Open(0, f"{w}.py", 1, "python", f"{w} = '{w}'  # {w}\n"),
        Edit(1, f"{w}.py", 2, (Change(here, w),), w),
        Save(2, f"{w}.py"),
        Focus(2, f"{w}.py", here),
        FileOperation(2, "renamed", f"{w}.py", f"{w}/{w}.py"),
        Diagnostics(3, f"{w}.py", w, (item,)),
        Git(3, "commit", w, w, (f"{w}.py",), w, None, (file,)),
        Command(4, f"{w} --{w}", 1, 2.0, w),
        TestResult(5, f"test_{w}", "failed", f"{w}.py", w),
        SuggestionEvent(6, w, "offered", "broken-call", f"{w}.py", here),
        Answer(7, w, "accepted"),
    ]
    made = shaper()
    for event in events:
        shaped = made.event(event)
        assert type(shaped) is type(event)
        assert shaped.t == event.t
        assert w not in encode_event(shaped).decode()
    assert made.event(events[9]).id == made.event(events[10]).id


def test_a_header_carries_texts_in_structure_or_none():
    made = shaper()
    header = Header(name="zanzibar", client="zanzibar", workspace=FolderWorkspace("/zanzibar"))
    assert made.header(header).workspace == FilesWorkspace({})
    files = FilesWorkspace({"zanzibar.py": "zanzibar"}, (("zanzibar.py",),), ("zanzibar",))
    shaped = made.header(Header(name="zanzibar", workspace=files))
    assert "zanzibar" not in str(shaped)
    assert isinstance(shaped.workspace, FilesWorkspace)
    assert shaped.workspace.past == ((*shaped.workspace.files,),)
