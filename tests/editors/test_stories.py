"""The same sessions at the keyboard in real editors, with the configuration of docs/editors."""

from tests.editors.desk import Desk
from tests.repositories import commit, write


def drop(desk: Desk, path, parameter: str) -> None:
    """Drop the last parameter, save, and wait for the hint."""
    desk.open(path)
    desk.replace(path, f", {parameter}):", "):")
    desk.save(path)
    desk.until(lambda: desk.hints(path), f"the hint in {path.name}")


def test_an_action_changes_all_files(desk, root):
    """One is open, one is not; an undo takes all of it back in the one at hand."""
    shapes, use, other = root / "shapes.py", root / "use.py", root / "other.py"
    desk.open(use)
    before = desk.text(use)
    drop(desk, shapes, "unit")
    (card,) = desk.suggestions()
    assert card["title"] in desk.hints(shapes)[0]
    assert {place["uri"] for place in card["places"]} == {use.as_uri(), other.as_uri()}
    assert sorted(line.rpartition(":")[0] for line in desk.listed()) == [
        *("other.py:5", "use.py:3", "use.py:4")
    ]
    desk.choose(shapes, "area", card["title"])
    desk.until(lambda: "area(6, 7))" in desk.text(use), "the edit")
    assert "area(2, 3))" in desk.text(use)
    desk.save()
    desk.until(lambda: "area(4, 5)\n" in other.read_text(), "the file that was not open")
    assert use.read_text() == desk.text(use)
    desk.until(lambda: not desk.hints(shapes), "the hint to go")
    assert not desk.suggestions()
    desk.undo(use)
    assert desk.text(use) == before


def test_what_was_dismissed_is_gone_for_good(desk, root):
    texts, page = root / "texts.py", root / "page.py"
    drop(desk, texts, "mark")
    desk.answer(texts, "trim", "dismiss")
    desk.until(lambda: not desk.hints(texts), "the hint to go")
    desk.replace(texts, "text[:width]", "text[: width]")
    desk.save(texts)
    desk.ready()
    assert not desk.hints(texts)
    assert not desk.suggestions()
    assert 'trim("wide", 2, "-")' in desk.text(page)


def test_a_stale_action_changes_nothing(desk, root):
    """The call was mended by hand while the menu was open."""
    label, door = root / "label.py", root / "door.py"
    desk.open(door)
    drop(desk, label, "style")
    (card,) = desk.suggestions()
    desk.choose(label, "label", card["title"], meanwhile=(door, ', "bold"', ""))
    desk.ready()
    assert desk.text(door) == door.read_text().replace(', "bold"', "")
    desk.save()


def test_why_and_snooze(desk, root):
    """The evidence is shown by the entry among the actions; a snooze hides what stands."""
    price = root / "price.py"
    drop(desk, price, "rounding")
    desk.choose(price, "price", "Proactive…")
    desk.until(lambda: "price" in desk.shown(), "the evidence")
    assert desk.suggestions()
    desk.run("snooze", 60)
    desk.until(lambda: not desk.hints(price), "silence")
    assert not desk.suggestions()
    desk.run("snooze", 0)
    desk.until(lambda: desk.hints(price), "the hint to be back")


def test_the_server_has_an_edit_applied(desk, root):
    """As it does with what a model wrote: `workspace/applyEdit`, then the hint is gone."""
    sums, bill = root / "sums.py", root / "bill.py"
    drop(desk, sums, "step")
    card = next(each for each in desk.suggestions() if "total" in each["title"])
    desk.run("accepted", card["id"], None, "apply")
    desk.until(lambda: "total([1, 2], 0))" in desk.text(bill), "the edit")
    desk.save()
    desk.until(lambda: not desk.hints(sums), "the hint to go")


def test_a_commit_is_noticed_without_watchers(desk, root):
    """Made outside of the editor, with nothing saved in it since."""
    desk.open(root / "year.py")
    write(root, {"tax.py": "def tax(net, rate):\n    return net * rate\n"})
    commit(root, "Drop the land")
    desk.until(
        lambda: any(card["trigger"] == "commit" for card in desk.suggestions()),
        "what the commit owes",
    )
    desk.open(root / "tax.py")
    assert desk.until(lambda: desk.hints(root / "tax.py"), "its hint")
