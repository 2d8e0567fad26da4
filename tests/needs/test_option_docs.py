"""A new option and the documents that do not know it."""

from proactive_lsp.needs import option_docs
from tests.check import needs_of

CLI = 'add("--width")\nadd("--height")\n'
NEW = CLI + 'add("--depth")\n'
DOCS = "# Usage\n\n- `--width`: how wide\n- `--height`: how high,\n  in metres\n\nMore.\n"
FILES = {"app/cli.py": CLI, "docs/usage.md": DOCS}


def test_points_below_the_entry_of_the_nearest_sibling():
    (need,) = needs_of(option_docs, FILES, {"app/cli.py": NEW})
    assert need.title == "Document `--depth` in usage.md"
    assert need.facts[0].text == "`--depth` is a new option of `cli.py`"
    (place,) = need.places
    assert (place.path, place.range.start.line, place.before) == ("docs/usage.md", 5, "")
    assert place.features["nearest-sibling"] == 1


def test_knows_shell_completions():
    files = {"app/cli.py": CLI, "completions/app.fish": "complete -l '--height'\nend\n"}
    (need,) = needs_of(option_docs, files, {"app/cli.py": NEW})
    assert need.places[0].features["completion"] == 1


def test_stays_quiet_when_the_option_is_documented():
    files = {**FILES, "docs/usage.md": DOCS + "And --depth.\n"}
    assert needs_of(option_docs, files, {"app/cli.py": NEW}) == []


def test_stays_quiet_when_no_sibling_is_documented():
    files = {"app/cli.py": CLI, "docs/usage.md": "Use it with --widths.\n"}
    assert needs_of(option_docs, files, {"app/cli.py": NEW}) == []


def test_stays_quiet_when_the_siblings_are_options_of_everything():
    docs = {f"docs/{n}.md": "Ask with --height.\n" for n in range(6)}
    files = {"app/cli.py": 'add("--height")\n', **docs}
    assert needs_of(option_docs, files, {"app/cli.py": 'add("--height")\nadd("--depth")\n'}) == []


def test_stays_quiet_about_options_in_tests_and_about_old_ones():
    files = {"tests/test_cli.py": CLI, "docs/usage.md": DOCS}
    assert needs_of(option_docs, files, {"tests/test_cli.py": NEW}) == []
    changed = CLI.replace('add("--height")', 'add("--height", 2)')
    assert needs_of(option_docs, FILES, {"app/cli.py": changed}) == []


def test_copes_with_half_typed_code_and_other_line_ends():
    assert needs_of(option_docs, FILES, {"app/cli.py": CLI + 'add("--dep'}) == []
    files = {"app/cli.py": CLI, "docs/usage.md": "Größe 😀\r\n" + DOCS.replace("\n", "\r\n")}
    (need,) = needs_of(option_docs, files, {"app/cli.py": NEW + "def f("})
    assert need.places[0].range.start.line == 6
