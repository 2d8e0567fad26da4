"""Files that usually change together."""

from msgspec import structs

from proactive_lsp.needs import together
from proactive_lsp.workspace.past import Past
from tests.check import situation_of

FILES = dict.fromkeys(("a.py", "b.py", "c.py", "d.py", "e.py", "docs/a.md"), "one\n")


def needs(past, after=("a.py",)):
    situation = situation_of(FILES, [{path: "two\n"} for path in after])
    return list(together.detect(structs.replace(situation, past=Past(past))))


def test_points_at_the_file_that_usually_follows():
    (need,) = needs([("a.py", "docs/a.md")] * 4 + [("a.py",)])
    assert need.title == "Look at a.md: usually changed with a.py"
    assert need.facts[1].text == "4 of 5 commits of it touched `docs/a.md`"
    (place,) = need.places
    assert (place.path, place.whole, place.after) == ("docs/a.md", True, None)
    assert (place.features["share"], place.features["both"]) == (0.8, 0.2)


def test_shows_the_three_likeliest_only():
    past = [("a.py", "b.py", "c.py", "d.py", "e.py")] * 3 + [("a.py", "c.py", "e.py")] * 3
    (need,) = needs(past)
    assert [place.path for place in need.places] == ["c.py", "e.py", "b.py"]


def test_newer_commits_say_more():
    past = [("a.py", "b.py")] * 3 + [("x.py",)] * 100 + [("a.py", "c.py")] * 6
    (need,) = needs(past)
    assert [place.path for place in need.places] == ["b.py", "c.py"]


def test_what_several_edited_files_go_with_is_likelier():
    past = [("a.py", "b.py", "c.py"), ("a.py", "d.py")] * 3
    found = needs(past, after=("a.py", "b.py"))
    places = {place.path: place.features for need in found for place in need.places}
    assert places["c.py"]["likely"] > 2 * places["d.py"]["likely"]
    assert places["c.py"]["agreed"] == 0.5


def test_stays_quiet_about_single_commits_rare_habits_and_mass_commits():
    assert needs([("a.py", "b.py")]) == []
    assert needs([("a.py", "b.py")] * 2 + [("a.py",)] * 20) == []
    assert needs([tuple(FILES) + tuple(f"f{n}.py" for n in range(40))] * 9) == []


def test_stays_quiet_about_files_already_touched_or_gone():
    assert needs([("a.py", "b.py")] * 5, after=("b.py", "a.py")) == []
    assert needs([("a.py", "gone.py")] * 5) == []
    assert needs([("a.py", "b.py")] * 5, after=()) == []


def test_half_typed_code_is_an_edit_like_any_other():
    situation = situation_of(FILES, {"a.py": "def f(\n"})
    past = Past([("a.py", "b.py")] * 5)
    assert len(list(together.detect(structs.replace(situation, past=past)))) == 1
