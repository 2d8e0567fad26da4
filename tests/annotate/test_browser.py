"""The page in a real browser: everything by keyboard, and nothing lost."""

import json
import shutil

import pytest

from proactive_lsp.annotate.marks import append_mark, marks_file, read_marks
from tests.annotate.conftest import SCENARIOS
from tests.annotate.serving import served
from tests.annotate.test_export import judged

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs a browser; on Debian: apt install chromium"
)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def entered(browser, tmp_path_factory):
    """The demo, which has three cards, and a session after it: served, and the link used."""
    folder = tmp_path_factory.mktemp("annotate")
    for name in ("demo", "dismissed-stays-dismissed"):
        shutil.copytree(SCENARIOS / name, folder / name)
    with served(folder) as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.link)
        assert page.url == f"{server.origin}/"
        page.goto(f"{server.origin}/session/0")
        state = context.storage_state()
        context.close()
        yield server, state


@pytest.fixture
def page(browser, entered):
    """The demo without marks; whatever script or policy complain of is a failure."""
    complaints = []
    server, state = entered
    for path in server.desk.library.paths:
        marks_file(path, "ada").unlink(missing_ok=True)
        marks_file(path, "ben").unlink(missing_ok=True)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, storage_state=state)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"{server.origin}/session/0")
    page.complaints = complaints
    page.server = server
    yield page
    context.close()
    assert complaints == []


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def said(page, text):
    page.locator("#said", has_text=text).wait_for(state="attached")


def chosen(page):
    return page.locator("#rows [aria-selected=true]")


def marks(page, session=0):
    return read_marks(page.server.desk.library.paths[session], "ada")


def test_all_cards_by_keyboard_in_one_go(page):
    cards = [card.key for card in page.server.desk.library.lived(0).cards]
    press(page, "1", "2", "4")
    said(page, "All marked; ] goes to the next session")
    worths = {key: mark.worth for key, mark in marks(page).judged.items()}
    assert worths == dict(zip(cards, ("accept", "dismiss", "wrong"), strict=True))
    assert page.locator("#count").inner_text() == "3 of 3 marked"
    press(page, "]")
    page.wait_for_url("**/session/1*")
    page.goto(page.server.origin)
    page.locator("li.done", has_text="3 of 3 marked").wait_for()


def test_undo_takes_the_last_one_back_and_goes_there(page):
    press(page, "3")
    said(page, "Not now: ")
    title = page.locator("#rows .card .what").first.inner_text()
    assert chosen(page).locator(".what").inner_text() != title
    press(page, "u")
    said(page, "Taken back: Not now")
    assert chosen(page).locator(".what").inner_text() == title
    assert chosen(page).locator(".badge").inner_text() == "to mark"
    assert not marks(page).judged
    press(page, "u")
    said(page, "Not kept: there is nothing to take back")
    page.complaints.remove(next(each for each in page.complaints if "400" in each))


def test_what_was_missing_is_kept_with_the_time_of_the_line(page):
    press(page, "k", "ArrowUp", "m")
    t = float(chosen(page).get_attribute("data-t"))
    page.locator("#need").select_option("docstring")
    page.locator("#path").fill("probewire/serial_link.py")
    page.locator("#line").fill("9")
    page.locator("#within").fill("2.5")
    page.locator("#note").fill("the class has a new meaning")
    press(page, "Enter")
    row = page.locator("#rows .missing")
    row.wait_for()
    (miss,) = marks(page).missing.values()
    assert (miss.t, miss.need, miss.within) == (t, "docstring", 2.5)
    assert (miss.range.start.line, miss.note) == (8, "the class has a new meaning")
    row.click()
    page.get_by_role("button", name="Take it back").click()
    row.wait_for(state="detached")
    assert not marks(page).missing


def test_what_was_kept_back_can_be_asked_for(page):
    assert page.locator("#rows .silence:visible").count() == 0
    press(page, "s")
    row = page.locator("#rows .silence:visible").first
    row.click()
    why = next(row for row in page.server.desk.library.lived(0).rows if hasattr(row, "why"))
    page.locator("article:visible .ask").click()
    assert page.locator("#path").input_value() == why.why.path
    assert page.locator("#need").input_value() == why.why.need
    press(page, "Escape")
    assert not page.locator("#missing").is_visible()


def test_search_narrows_the_timeline_and_keys_type_there(page):
    total = page.locator("#rows li:visible").count()
    press(page, "/")
    page.keyboard.type("j1 fakeport")
    page.locator("#none").wait_for()
    page.locator("#search").fill("FakePort")
    assert 0 < page.locator("#rows li:visible").count() < total
    press(page, "Enter")
    assert "FakePort" in chosen(page).inner_text()
    press(page, "/", "Escape")
    assert page.locator("#rows li:visible").count() == total
    assert not marks(page).judged


def test_help_names_every_key_and_takes_no_mark(page):
    press(page, "?")
    assert page.locator("#help").is_visible()
    press(page, "1", "Escape")
    assert not page.locator("#help").is_visible()
    assert not marks(page).judged


def test_without_going_on_a_mark_stays_and_shows_what_others_said(page):
    library = page.server.desk.library
    first = library.lived(0).cards[0].key
    append_mark(library.paths[0], "ben", judged(first, "wrong"))
    press(page, "a", "1")
    revealed = page.locator("article:visible .revealed")
    revealed.wait_for()
    assert revealed.inner_text() == "Marked by ben: wrong. In the recording it was accepted."
    pressed = page.locator("article:visible .choice[aria-pressed=true]")
    assert pressed.inner_text().split() == ["1", "Accept", "I", "would", "take", "it"]
    press(page, "2")
    said(page, "Dismiss: ")
    assert chosen(page).get_attribute("data-worth") == "dismiss"


def test_a_mark_that_could_not_be_kept_is_not_shown(page):
    file = marks_file(page.server.desk.library.paths[0], "ada")
    file.mkdir()
    press(page, "1")
    page.locator("#said.failed", has_text="Not kept: ").wait_for()
    file.rmdir()
    assert page.locator("#rows [data-worth]").count() == 0
    assert page.locator("#count").inner_text() == "0 of 3 marked"
    page.complaints.remove(next(each for each in page.complaints if "500" in each))


def test_people_who_hear_the_page_know_where_they_are(page):
    rows = page.get_by_role("listbox", name="Timeline")
    assert rows.get_attribute("aria-activedescendant") == chosen(page).get_attribute("id")
    assert page.evaluate("document.activeElement.id") == "rows"
    assert page.locator("#said").get_attribute("aria-live") == "polite"
    assert page.get_by_role("group", name="What was it worth?").count() == 1
    unnamed = "input:not([id]), select:not([id]), [id=''], button:empty"
    assert page.locator(unnamed).count() == 0
    for field in page.locator("input[id], select[id]").all():
        id = field.get_attribute("id")
        labelled = page.locator(f"label[for='{id}'], label:has(#{id})").count()
        assert labelled == 1, id


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_ground(page, scheme):
    """Contrast of at least 4.5 to 1, as WCAG 2 asks, for all text that is to be seen."""
    page.emulate_media(color_scheme=scheme)
    press(page, "1")
    said(page, "Accept")
    poor = page.evaluate(CONTRAST)
    assert poor == []


def test_another_page_can_neither_read_nor_mark(browser, page):
    stranger = page.context.new_page()
    stranger.route("http://evil.example/", lambda route: route.fulfill(body="<p>hello"))
    stranger.goto("http://evil.example/")
    origin = page.server.origin
    tries = f"""async () => {{
      const mark = {{method: "POST", credentials: "include", body: "{{}}"}};
      const asked = [fetch("{origin}/", {{credentials: "include"}}), fetch("{origin}/mark", mark)];
      return (await Promise.allSettled(asked)).map((each) => each.status);
    }}"""
    assert stranger.evaluate(tries) == ["rejected", "rejected"]
    stranger.evaluate(f"document.body.append(Object.assign(new Image(), {{src: '{origin}/'}}))")
    frame = "document.body.append(document.createElement('iframe'))"
    stranger.evaluate(f"{frame}; document.querySelector('iframe').src = '{origin}/'")
    assert not marks_file(page.server.desk.library.paths[0], "ada").exists()
    stranger.close()


def test_ten_thousand_events_are_a_page_that_answers(browser, tmp_path):
    header = {"proactive_session": [1, 0], "name": "long"}
    header["workspace"] = {"kind": "files", "files": {}}
    lines = [header]
    for number in range(5_000):
        t = number * 2.0
        lines.append({"t": t, "type": "focus", "path": f"m{number % 7}.py"})
        lines.append({"t": t + 1, "type": "command", "line": f"make {number}", "exit": 0})
    file = tmp_path / "long.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n")
    with served(file) as server:
        page = browser.new_page()
        page.goto(server.link)
        page.goto(f"{server.origin}/session/0")
        page.get_by_text("Not shown: 5000 more events.").wait_for()
        press(page, "ArrowDown", "ArrowDown")
        assert chosen(page).locator("time").inner_text() == "0:01.0"
        page.close()


# Text on grounds that lie over each other; what is inert, hidden or only a placeholder is left out.
CONTRAST = """() => {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => {
    const mix = (name) => top[name] * top.a + below[name] * (1 - top.a);
    return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((each) => {
      const part = each / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    if (element === null) return { r: 255, g: 255, b: 255, a: 1 };
    const own = parse(getComputedStyle(element).backgroundColor);
    return own.a === 1 ? own : over(own, ground(element.parentElement));
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("#said")) continue;
    const below = ground(element);
    const style = getComputedStyle(element);
    const own = parse(style.color);
    const text = over({ ...own, a: own.a * Number(style.opacity) }, below);
    const [high, low] = [light(text), light(below)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) poor.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(poor)];
}"""
