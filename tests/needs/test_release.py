"""A release, a changed dependency, another version of Python."""

from proactive_lsp.needs import release
from tests.check import check, needs_of

INIT = '__version__ = "1.2.3"\n'
LOG = "# Changelog\n\n## Unreleased\n\n- Fix it.\n\n## 1.2.3\n\n- Start.\n"
PROJECT = '[project]\nversion = "1.2.3"\ndependencies = [\n    "httpx>=0.27",\n]\n'


def test_writes_the_new_version_where_the_old_one_stands():
    check(
        release,
        before={
            "pkg/__init__.py": INIT,
            "CITATION.cff": "cff: 1.2.0\nversion: 1.2.3\n",
            "docs/conf.py": 'größe = "😀"; release = "v1.2.3"\r\n',
            "CHANGELOG.md": LOG,
        },
        after={"pkg/__init__.py": INIT.replace("1.2.3", "1.3.0")},
        fixed={
            "CITATION.cff": "cff: 1.2.0\nversion: 1.3.0\n",
            "docs/conf.py": 'größe = "😀"; release = "v1.3.0"\r\n',
            "CHANGELOG.md": LOG.replace("Unreleased", "1.3.0"),
        },
    )


def test_keeps_the_brackets_of_a_heading_and_leaves_the_day_to_the_user():
    log = LOG.replace("Unreleased", "[Unreleased]")
    after = {"pkg/__init__.py": INIT.replace("1.2.3", "1.3.0")}
    files = {"pkg/__init__.py": INIT, "CHANGELOG.md": log}
    check(release, files, after, fixed={"CHANGELOG.md": log.replace("[Unreleased]", "[1.3.0]")})
    dated = log.replace("## 1.2.3", "## 1.2.3 - 2024-02-03")
    (need,) = needs_of(release, {**files, "CHANGELOG.md": dated}, after)
    assert [(place.before, place.after) for place in need.places] == [("[Unreleased]", None)]


def test_points_at_the_newest_heading_of_a_log_without_an_open_section():
    log = "1.2.3\n-----\n\n- Start.\n"
    files = {"pkg/__init__.py": INIT, "CHANGES.rst": "Changes\n=======\n\n" + log}
    (need,) = needs_of(release, files, {"pkg/__init__.py": INIT.replace("1.2.3", "1.3.0")})
    assert [(place.range.start.line, place.after) for place in need.places] == [(3, None)]


def test_a_version_is_more_than_a_piece_of_another_one():
    files = {
        "pkg/__init__.py": INIT,
        "other.cfg": "a = 1.2.3.4\nb = 11.2.3\nc = 1.2.3rc1\nd = 1.2.3-beta\n",
    }
    check(release, files, {"pkg/__init__.py": INIT.replace("1.2.3", "1.3.0")}, fixed=None)


def test_stays_quiet_about_history_and_other_numbers():
    files = {"pkg/__init__.py": INIT, "docs/whatsnew.md": "In 1.2.3 it began.\n"}
    check(release, files, {"pkg/__init__.py": INIT.replace("1.2.3", "1.3.0")}, fixed=None)
    files = {"a.py": "ratio = 1.25\n", "b.py": "ratio = 1.25\n"}
    check(release, files, {"a.py": "ratio = 1.5\n"}, fixed=None)


def test_stays_quiet_once_all_is_done():
    files = {"pkg/__init__.py": INIT, "pyproject.toml": PROJECT}
    after = {path: text.replace("1.2.3", "1.3.0") for path, text in files.items()}
    check(release, files, after, fixed=None)


def test_points_at_the_lock_file_of_a_dependency():
    files = {"pyproject.toml": PROJECT, "uv.lock": 'name = "httpx"\n'}
    (need,) = needs_of(release, files, {"pyproject.toml": PROJECT.replace("0.27", "0.28")})
    assert need.title == "Bring uv.lock up to date"
    (place,) = need.places
    assert (place.path, place.whole, place.after) == ("uv.lock", True, None)
    package = '{\n  "dependencies": {\n    "got": "^1.0.0"\n  }\n}\n'
    files = {"web/package.json": package, "package-lock.json": "{}\n"}
    (need,) = needs_of(release, files, {"web/package.json": package.replace("^1", "^2")})
    assert need.places[0].path == "package-lock.json"


def test_stays_quiet_about_a_lock_file_without_a_changed_dependency():
    files = {"pyproject.toml": PROJECT + "# note\n", "uv.lock": "\n"}
    check(release, files, {"pyproject.toml": PROJECT + "# another note\n"}, fixed=None)
    check(
        release,
        {"pyproject.toml": PROJECT},
        {"pyproject.toml": PROJECT + '    "rich>=1",\n'},
        fixed=None,
    )


CLASSIFIER = '    "Programming Language :: Python :: 3.{}",\n'
MATRIX = 'strategy:\n  python: ["3.11", "3.12"]\n'


def test_adds_a_python_version_where_the_one_before_it_stands():
    one = "[project]\n" + CLASSIFIER.format(11) + CLASSIFIER.format(12)
    setup = "    Programming Language :: Python :: 3.12\nzip_safe = no\n"
    files = {"pyproject.toml": one, "setup.cfg": setup, ".github/workflows/ci.yml": MATRIX}
    check(
        release,
        files,
        {"pyproject.toml": one + CLASSIFIER.format(13)},
        fixed={"setup.cfg": setup.replace("zip", f"{setup.splitlines()[0][:-1]}3\nzip")},
    )
    (need,) = needs_of(release, files, {"pyproject.toml": one + CLASSIFIER.format(13)})
    (ci,) = [place for place in need.places if place.path.startswith(".github")]
    assert (ci.before, ci.after) == ("3.12", None)


def test_names_what_still_has_a_python_version_that_was_dropped():
    project = 'requires-python = ">=3.8"\n' + CLASSIFIER.format(8) + CLASSIFIER.format(9)
    files = {"pyproject.toml": project, "tox.ini": "envlist = py38, py39\n"}
    (need,) = needs_of(release, files, {"pyproject.toml": project.replace(">=3.8", ">=3.9")})
    assert need.title == "Drop Python 3.8 in 2 files"
    assert [(each.path, each.range.start.line, each.after) for each in need.places] == [
        ("pyproject.toml", 1, ""),
        ("tox.ini", 0, None),
    ]


def test_half_typed_versions_are_no_versions():
    files = {"pkg/__init__.py": INIT, "setup.cfg": "version = 1.2.3\n"}
    check(release, files, {"pkg/__init__.py": '__version__ = "1.\n'}, fixed=None)
