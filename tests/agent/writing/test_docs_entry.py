"""The description of a parameter, as a model writes it below those that are there."""

import pytest

from proactive_lsp.needs import docstring
from tests.agent.writing.conftest import found_task
from tests.check import situation_of

DOC = '''\
def area(width):
    """Compute.

    Args:
        width: In metres.
    """
'''
DEEPER = DOC.replace("area(width)", "area(width, depth: int)")


def documenting(before=DOC, after=DEEPER, path="shop.py"):
    situation = situation_of({path: before}, {path: after})
    return situation, found_task(docstring, situation)


@pytest.mark.parametrize(
    "answer",
    [
        *(
            "depth: How deep it is.",
            "How deep it is.",
            "`depth`: How deep it is.",
            '"How deep it is."',
        ),
        *("- depth (int): How deep it is.\n", "```\ndepth: How deep it is.\n```"),
    ],
)
async def test_a_description_follows_the_beginning_of_its_entry(desk, answer):
    _, task = documenting()
    found = desk({"shop.py": DEEPER}, task)
    entry = "        width: In metres.\n"
    wanted = DEEPER.replace(entry, f"{entry}        depth: How deep it is.\n")
    assert await found.text(answer) == wanted


async def test_two_descriptions_are_told_by_name(desk):
    after = DOC.replace("area(width)", "area(width, depth, unit)")
    _, task = documenting(after=after)
    found = desk({"shop.py": after}, task)
    entry = "        width: In metres.\n"
    more = "        depth: How deep.\n        unit: Of what.\n"
    assert await found.text("unit: Of what.\ndepth: How deep.") == after.replace(
        entry, entry + more
    )
    await found.refused("depth: How deep.", says="does not describe `unit`")


async def test_a_description_takes_the_form_of_its_style(desk):
    numpy = DOC.replace(
        "Args:\n        width: In metres.",
        "Parameters\n    ----------\n    width\n        In metres.",
    )
    after = numpy.replace("area(width)", "area(width, depth)")
    _, task = documenting(numpy, after)
    wanted = after.replace(
        "        In metres.\n", "        In metres.\n    depth\n        How deep.\n"
    )
    assert await desk({"shop.py": after}, task).text("How deep.") == wanted
    script = (
        "/**\n * Compute.\n * @param width - In metres.\n */\n"
        "function area(width) {\n  return width;\n}\n"
    )
    after = script.replace("area(width)", "area(width, depth)")
    _, task = documenting(script, after, "shop.js")
    wanted = after.replace("metres.\n", "metres.\n * @param depth - How deep.\n")
    assert await desk({"shop.js": after}, task).text("How deep.", path="shop.js") == wanted


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "does not describe"),
        ('depth: """ import os', "end the comment"),
        ("depth: " + "deep " * 80, "longer than 300"),
        ("depth: is\u202e deep", "nobody sees"),
        ("depth: xxxxxxxxxxxxx", "a secret"),
    ],
)
async def test_a_description_that_will_not_do_is_refused(desk, answer, says):
    _, task = documenting()
    await desk({"shop.py": DEEPER}, task).refused(answer, says=says)


async def test_a_name_of_script_may_have_a_dollar_sign(desk):
    script = (
        "/**\n * Compute.\n * @param width - In metres.\n */\n"
        "function area(width, depth, $unit) {\n  return width;\n}\n"
    )
    _, task = documenting(script.replace(", depth, $unit", ""), script, "shop.js")
    more = " * @param depth - How deep.\n * @param $unit - Of what.\n"
    wanted = script.replace("metres.\n", f"metres.\n{more}")
    answer = "$unit: Of what.\ndepth: How deep."
    assert await desk({"shop.js": script}, task).text(answer, path="shop.js") == wanted


async def test_what_rules_know_of_a_card_comes_along(desk):
    before = DOC.replace("width: In metres.", "width: In metres.\n        unit: Of what.")
    before = before.replace("area(width)", "area(width, unit)")
    after = before.replace("area(width, unit)", "area(width, depth, kind)")
    _, task = documenting(before, after)
    known = [place for place in task.places if not place.note.startswith(("depth", "kind"))]
    written = await desk({"shop.py": after}, task).write("depth: How deep.\nkind: Of what kind.")
    assert [place for place in written.places if place in known] == known
    only = next(place for place in task.places if place not in known)
    alone = await desk({"shop.py": after}, task).write(
        "depth: How deep.\nkind: Of what kind.", place=only
    )
    assert len(alone.places) == 1
