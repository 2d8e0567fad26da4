"""Draw charts with pygal as SVG that stands inside a page: no script, no style of its own.

What pygal adds for a page of its own is taken out again: scripts, styles, comments with a date,
random ids. Colours come from the page's stylesheet, by the class of a series.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any
from xml.etree import ElementTree

from msgspec import Struct

from proactive_lsp.replay.escaping import visible
from proactive_lsp.report.html import Html

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = frozenset({"script", "style", "defs", "desc"})
# Groups that pygal fills by script alone.
_EMPTY = frozenset({"plot tooltip-overlay", "tooltip", "plot text-overlay", "titles"})
_KEPT_CLASSES = frozenset(
    {"axis", "line", "guide", "major", "x", "y", "nofill", "legend", "legends"}
)
_LONGEST = 200
_FONT = 12


class Spot(Struct, frozen=True):
    """A mark at a place, or a stretch when it has an `until`.

    `name` is the class by which the page colours it, `href` a place of the page.
    """

    x: float
    y: float
    name: str
    title: str
    until: float | None = None
    radius: float = 4.0
    href: str = ""


def lanes_chart(
    spots: Sequence[Spot],
    *,
    lanes: Sequence[str],
    ticks: Sequence[tuple[float, str]],
    end: float,
    label: str,
) -> Html:
    """Spots over time; the lane of a spot is its `y`, counted from 0 at the bottom."""
    height = 30 * len(lanes) + 44
    chart: Any = _pygal("xy", "XY")(
        **_look(1040, height),
        margin_left=4,
        margin_right=14,
        margin_top=8,
        margin_bottom=8,
        xrange=(0.0, end),
        range=(-0.5, len(lanes) - 0.5),
        show_x_guides=True,
        allow_interruptions=True,
    )
    chart.y_labels = [{"value": at, "label": name} for at, name in enumerate(lanes)]
    chart.x_labels = [{"value": at, "label": name} for at, name in ticks]
    points = [spot for spot in spots if spot.until is None]
    lasting = [spot for spot in spots if spot.until is not None]
    # Each series costs pygal more than all that is in it, so there are as few as can be.
    names: list[str] = []
    if lasting:
        chart.add("", [each for spot in lasting for each in _ends(spot)], show_dots=False)
        names.append("lasts")
    if points:
        chart.add("", [_dot(spot) for spot in points], stroke=False)
        names.append("dots")
    if not spots:
        # Lanes without a mark are lanes all the same, but pygal draws no axes for nothing.
        chart.add("", [(0.0, 0.0)], stroke=False, show_dots=False)
    root = chart.render_tree()
    if lasting:
        _title_paths(root, lasting)
    return _cleaned(root, names, label, role="group")


def bars_chart(
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    columns: Sequence[str],
    label: str,
    flat: bool = False,
    width: int = 500,
    height: int = 200,
    value: Callable[[float], str] = "{:g}".format,
) -> Html:
    """Stacked bars, a column or (`flat`) a row for each name; `series` are by the class's name."""
    kind = (
        ("horizontalstackedbar", "HorizontalStackedBar") if flat else ("stackedbar", "StackedBar")
    )
    chart: Any = _pygal(*kind)(
        **_look(width, height),
        margin_left=4,
        margin_right=18,
        margin_top=8,
        margin_bottom=8,
        min_scale=2,
        max_scale=4,
        value_formatter=value,
        rounded_bars=1,
    )
    chart.x_labels = list(columns)[::-1] if flat else _sparse(columns)
    for name, values in series:
        numbers = list(values)[::-1] if flat else list(values)
        names = list(columns)[::-1] if flat else list(columns)
        chart.add(
            "",
            [
                {"value": number, "tooltip": f"{column}: {value(number)} {name}"}
                if number
                else None
                for number, column in zip(numbers, names, strict=True)
            ],
        )
    return _cleaned(chart.render_tree(), [f"v-{name}" for name, _ in series], label)


def line_chart(
    points: Sequence[float | None],
    *,
    name: str,
    columns: Sequence[str],
    label: str,
    width: int = 500,
    height: int = 200,
    value: Callable[[float], str] = "{:g}".format,
) -> Html:
    """One figure over columns; where it is None the line has a gap."""
    chart: Any = _pygal("line", "Line")(
        **_look(width, height),
        margin_left=4,
        margin_right=18,
        margin_top=8,
        margin_bottom=8,
        min_scale=2,
        max_scale=4,
        include_x_axis=True,
        allow_interruptions=True,
        value_formatter=value,
        dots_size=3.5,
    )
    chart.x_labels = _sparse(columns)
    chart.add(
        "",
        [
            None if number is None else {"value": number, "tooltip": f"{column}: {value(number)}"}
            for number, column in zip(points, columns, strict=True)
        ],
    )
    return _cleaned(chart.render_tree(), [f"v-{name}"], label)


def _pygal(module: str, name: str) -> Any:  # noqa: ANN401 - pygal has no types
    """A chart of pygal's, loaded by those alone who draw."""
    etree: Any = import_module("pygal.etree")
    # Whether lxml happens to be installed must not change a byte.
    etree.etree.to_etree()
    return getattr(import_module(f"pygal.graph.{module}"), name)


def _look(width: int, height: int) -> Mapping[str, Any]:
    style: Any = import_module("pygal.style")
    return {
        "width": width,
        "height": height,
        "show_legend": False,
        "no_prefix": True,
        "js": (),
        "css": (),
        "style": style.Style(label_font_size=_FONT, major_label_font_size=_FONT),
        "spacing": 6,
        "truncate_label": 40,
    }


def _ends(spot: Spot) -> tuple[tuple[float | None, float | None], ...]:
    """A line from one end to the other, and none to the next."""
    return ((spot.x, spot.y), (spot.until, spot.y), (None, None))


def _dot(spot: Spot) -> Mapping[str, Any]:
    return {
        "value": (spot.x, spot.y),
        "node": {"r": f"{spot.radius:g}", "class": spot.name},
        "tooltip": _short(spot.title),
        **({"xlink": {"href": spot.href}} if spot.href else {}),
    }


def _sparse(columns: Sequence[str]) -> list[str]:
    """Of many names every so manieth, or they would lie on top of each other."""
    step = -(-len(columns) // 8)
    return [name if at % step == 0 else "" for at, name in enumerate(columns)]


def _title_paths(root: ElementTree.Element, spots: Sequence[Spot]) -> None:
    """Give the lines of the first series classes, titles and links, which pygal has for dots."""
    group = next(each for each in root.iter() if "serie-0" in each.get("class", "").split())
    paths = list(group)
    for path in paths:
        group.remove(path)
    for path, spot in zip(paths, spots, strict=True):
        home = group if not spot.href else ElementTree.SubElement(group, "a", {_XLINK: spot.href})
        path.set("class", spot.name)
        title = ElementTree.SubElement(path, "title")
        title.text = _short(spot.title)
        home.append(path)


def _cleaned(
    root: ElementTree.Element, names: Sequence[str], label: str, role: str = "img"
) -> Html:
    kept = _copy(root, names)
    kept.attrib = {
        "viewBox": root.get("viewBox", ""),
        "role": role,
        "aria-label": visible(label),
        "class": "chart",
    }
    return Html(ElementTree.tostring(kept, encoding="unicode", short_empty_elements=True))


def _copy(
    node: ElementTree.Element, names: Sequence[str], *, axis: bool = False
) -> ElementTree.Element:
    """The element without what a page of ours does not want."""
    made = ElementTree.Element(_local(node.tag), dict(_attributes(node, names)))
    made.text = node.text
    axis = axis or "axis" in node.get("class", "").split()
    for child in node:
        if not _is_wanted(child, axis=axis or made.tag == "svg"):
            continue
        copied = _copy(child, names, axis=axis)
        if copied.tag != "g" or copied.attrib:
            made.append(copied)
        else:
            made.extend(copied)
    if len(made) == 2 and made[0].tag == "title":
        # Of its shape, so that it goes along wherever the group is dissolved.
        made[1].insert(0, made[0])
        made.remove(made[0])
    return made


def _is_wanted(node: ElementTree.Element, *, axis: bool) -> bool:
    # The tag of a comment is a function.
    if callable(node.tag) or _local(node.tag) in _DROPPED:
        return False
    if node.get("class", "").strip() in _EMPTY or node.get("class") == "background":
        return False
    match _local(node.tag):
        case "title":
            # A chart's own is shown wherever the pointer rests, those of axes say nothing.
            return not axis
        case "rect":
            return all(float(node.get(side, "0")) > 0 for side in ("width", "height"))
        case "g":
            return len(node) > 0
        case _:
            return True


def _attributes(node: ElementTree.Element, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        if name == "class":
            classes = value.split()
            if "series" in classes:
                at = next(int(each[6:]) for each in classes if each.startswith("serie-"))
                yield "class", f"series {names[at]}"
            elif kept := [each for each in classes if each in _KEPT_CLASSES or each[1:2] == "-"]:
                yield "class", " ".join(kept)
        elif name in (_XLINK, "href"):
            yield "href", value
            # Hundreds of stops would be in the way; all that marks lead to is read in order below.
            yield "tabindex", "-1"
        elif name in ("cx", "cy", "x", "y", "width", "height"):
            yield name, _number(value)
        elif name == "d":
            yield name, _rounded(value)
        elif name in ("r", "rx", "ry", "transform"):
            yield name, value


def _rounded(path: str) -> str:
    """A path with a decimal less or six, which nobody sees."""
    return re.sub(r"\d+\.\d+", lambda found: _number(found[0]), path)


def _number(number: str) -> str:
    return f"{float(number):.1f}".removesuffix(".0")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _short(title: str) -> str:
    return visible(title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…")
