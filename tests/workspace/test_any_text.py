"""Any text in any language: nothing raises, places are right, and parts say what the whole says."""

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.workspace.documents import split_lines, text_in
from proactive_lsp.workspace.search import word_hits
from proactive_lsp.workspace.syntax import calls, parse, parses, words
from tests.workspace import test_go, test_java, test_rust, test_typescript
from tests.workspace.reading import as_a_whole

SOURCES = {
    "javascript": "exports.a = (x) => x;\n" + test_typescript.SCRIPT.replace(": number", ""),
    "javascriptreact": "const A = () => <p a={go(1)}>It's {x}</p>;\nfunction go(x) {}\n",
    "typescript": test_typescript.SCRIPT,
    "typescriptreact": test_typescript.SCRIPT + "const A = () => <p a={go(1)}>It's {x}</p>;\n",
    "go": test_go.SCRIPT,
    "rust": test_rust.SCRIPT,
    "java": test_java.SCRIPT,
}
# What a slip of the finger, a paste or half a statement may put anywhere.
TYPED = st.text(
    st.characters(codec=None) | st.sampled_from("()[]{}<>:;'\"`\\\n\r\t#*/@$😀"), max_size=12
)


@pytest.mark.parametrize("language", SOURCES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_text_is_read_without_an_exception(language, data):
    source = SOURCES[language]
    place = st.integers(0, len(source))
    start, end, more = sorted(data.draw(place) for _ in range(3))
    text = source[start:end] + data.draw(TYPED) + source[end:more] + data.draw(TYPED)
    module, lines = parse(language, text), split_lines(text)
    assert module is not None
    assert module.broken is not parses(language, text)
    for each in module.definitions:
        assert text_in(lines, each.name_range) == each.name
    for call in calls(language, text, {"go", "first", "inner", "describe", "test"}):
        whole = text_in(lines, call.arguments_range)
        assert whole[0] + whole[-1] == "()"
    if "$" not in text:
        found = [word.range for word in words(language, text, "first")]
        assert found == [hit.range for hit in word_hits("a", text, "first")]
    whole = as_a_whole(language, text)
    assert module.broken is whole.broken
    if not module.broken:
        assert module == whole


# Each makes another language's query or scanner look far ahead.
@pytest.mark.parametrize("language", SOURCES)
@pytest.mark.parametrize(
    "piece", ["(", "{[(", "f(", "a.b", "`", "/*", '"', "`${", 'r#"', "<a", "@", "\n", "'", "=/[a"]
)
def test_senseless_texts_end_soon(language, piece):
    text = piece * (100_000 // len(piece))
    begun = time.process_time()
    parse(language, text)
    calls(language, text, {"f"})
    words(language, text, "a")
    assert time.process_time() - begun < 5


def test_a_grammar_is_loaded_when_a_text_needs_it():
    code = (
        "import sys; from proactive_lsp.engine import Engine;"
        "from proactive_lsp.workspace.syntax import parse; parse('python', 'x'); parse('go', 'x');"
        "print(sorted(name for name in sys.modules if name.startswith('tree_sitter_')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "tree_sitter_go" in done.stdout
    assert "tree_sitter_rust" not in done.stdout
    assert "tree_sitter_typescript" not in done.stdout
