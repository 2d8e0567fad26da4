"""A script is played, its rules answer, and what a suggestion did is not done again."""

import json

import pytest

from proactive_lsp.events import Answer, Edit
from proactive_lsp.replay.session import read_items
from tests.gym.grounds import BEGUN, Line, shop

pytestmark = pytest.mark.shipped_weights

ACTS = """
name = "Drop the currency"

[[act]]
do = "edit"
path = "shop/price.py"
old = "rate, currency"
new = "rate"

[[act]]
do = "edit"
path = "shop/price.py"
old = "gross(net, RATE, None)"
new = "gross(net, RATE)"

[[act]]
do = "save"
path = "shop/price.py"

[[act]]
do = "edit"
path = "shop/invoice.py"
old = "7, item.currency"
new = "7"

[[act]]
do = "edit"
path = "shop/report.py"
old = "price.RATE, item.currency"
new = "price.RATE"

[[act]]
do = "commit"
message = "Drop the currency"

[[judge]]
need = "{need}"
answer = "{answer}"
"""


@pytest.fixture
def line(capsys):
    return Line(capsys)


def script(tmp_path, *, answer="accept", need="broken-call", files=BEGUN):
    text = ACTS.format(answer=answer, need=need)
    if files is not None:
        text += "\n[files]\n" + "".join(
            f"{json.dumps(path)} = {json.dumps(content)}\n" for path, content in files.items()
        )
    file = tmp_path / "script.toml"
    file.write_text(text)
    return file


def run(line, tmp_path, *more):
    out = tmp_path / "out"
    code, said, err = line("gym", "run", "--user", "scripted", *more, "--out", out, "--json", "-")
    assert code == 0, err
    (file,) = out.glob("*.jsonl")
    return json.loads(said)["sessions"][0], [item for _, item in read_items(file)], file


def test_what_a_suggestion_did_is_not_done_again(tmp_path, line):
    accepted, items, file = run(line, tmp_path, "--script", script(tmp_path))
    assert accepted["answers"] == {"accept": 1}
    (saved,) = accepted["acceptances"]
    assert saved["after"]["todos"] == saved["before"]["todos"] - 2
    assert "accepted" in [each.op for each in items if isinstance(each, Answer)]
    by_hand = {each.path for each in items if isinstance(each, Edit) and each.origin is None}
    assert by_hand == {"shop/price.py"}
    code, said, err = line("replay", file, "--json", "-")
    assert code == 0, err
    assert "accepted" in [row["answer"] for row in json.loads(said)["sessions"][0]["suggestions"]]


def test_the_shipped_script_shows_an_acceptance(tmp_path, line):
    row, _, _ = run(line, tmp_path)
    assert row["answers"] == {"accept": 1}
    assert row["saved"]["todos"] == 2


def test_a_rule_may_dismiss_and_no_rule_leaves_alone(tmp_path, line):
    dismissed, items, _ = run(
        line, tmp_path / "a", "--script", _in(tmp_path / "a", answer="dismiss")
    )
    assert dismissed["answers"] == {"dismiss": 1}
    by_hand = {each.path for each in items if isinstance(each, Edit)}
    assert by_hand == {"shop/price.py", "shop/invoice.py", "shop/report.py"}
    alone, items, _ = run(line, tmp_path / "b", "--script", _in(tmp_path / "b", need="x"))
    assert alone["answers"] == {}
    assert not [each for each in items if isinstance(each, Answer)]


def _in(folder, **more):
    folder.mkdir()
    return script(folder, **more)


def test_a_script_works_on_a_repository(tmp_path, line):
    root = shop(tmp_path / "shop")
    text = (
        'name = "x"\n[[act]]\ndo = "edit"\npath = "README.md"\nold = "net"\nnew = "gross"\n'
        '[[act]]\ndo = "save"\npath = "README.md"\n'
    )
    file = tmp_path / "x.toml"
    file.write_text(text)
    before = (root / "README.md").read_text()
    row, items, _ = run(line, tmp_path, "--script", file, "--repo", root)
    assert row["events"] == len(items) == 3
    assert (root / "README.md").read_text() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "script.toml"),
        ('name = "x"', "act"),
        ('name = "x"\nact = []', "nothing is done"),
        ('name = "x"\n[[act]]\ndo = "fly"', "fly"),
        ('name = "x"\n[[act]]\ndo = "save"\npath = "a"\nspeed = 3', "speed"),
        ('name = "x"\n[[act]]\ndo = "wait"\nseconds = -1', ">= 0"),
        ('name = "x"\n[[act]]\ndo = "save"\npath = "a"', "--repo"),
        ('name = "x"\n[[act]]\ndo = "save"\npath = "a"\n[files]\na = "x"', "act 1: a is not open"),
        ('name = "x"\n[[act]]\ndo = "save"\npath = "a"\n[files]\n"../a" = "x"', "leaves the work"),
        ('name = "x"\n[[act]]\ndo = "save"\npath = "a"\n[files]\n".git/a" = "x"', "git's own"),
        ('name = "x"\n[[act]]\ndo = "save"\npath = "a"\n[files]\n"b/.git/a" = "x"', "git's own"),
        (
            'name = "x"\n[[act]]\ndo = "save"\npath = "a"\n[files]\n"b" = "x"\n"b/a" = "x"',
            "a file and a folder",
        ),
    ],
)
def test_a_wrong_script_is_said_in_a_line(tmp_path, line, text, said):
    file = tmp_path / "script.toml"
    file.write_text(text)
    code, out, err = line("gym", "run", "--user", "scripted", "--script", file)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
