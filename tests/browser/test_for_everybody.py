"""A page of explorers, questions, a verdict and a table: dark, in high contrast, twice the size, on paper."""

from tests.browser.conftest import BEYOND
from tests.browser.themes import the_dark_theme

CELLS = (
    """import lecture_lib as ll
loss = ll.backward(ll.sentence_graph(ll.duck_goose())["loss"])
ll.scrubber(loss, start=len(loss.steps), layers=ll.LAYERS)""",
    "ll.explore_race()",
    "ll.recall('03')",
    "ll.check('fan_out', lambda x: x)",
    "ll.table(loss)",
    "ll.graph(loss)",
    "x = ll.parameter(3.0, 'x')\nll.graph(ll.backward((x * x).named('loss')))",
    "ll.explore_moments()",
    "ll.backward_order_lines()",
)
# What does not fit into its box and cannot be moved there: pictures, tables and code can.
CUT_OFF = """() => [...document.querySelectorAll(".jp-OutputArea-output *")].filter(element => {
    const style = getComputedStyle(element);
    const hidden = style.overflowX === "hidden" || style.overflowX === "clip";
    return hidden && element.scrollWidth > element.clientWidth + 1 && !element.closest(".ll-unseen");
}).map(element => element.outerHTML.slice(0, 200))"""
UNTOLD = """() => [...document.querySelectorAll(
    ".jp-OutputArea-output :is(img, .ll-image, table)"
)].filter(one => {
    const right = element => element.getBoundingClientRect().right;
    const place = one.closest(".ll-picture, .jp-OutputArea-output");
    return !one.closest(".ll-wide") && right(one) > right(place) + 1;
}).map(one => one.outerHTML.slice(0, 200))"""
"""What is wider than its place, and has no frame that says so and is moved by arrow keys."""
LINE = """() => {
    const lines = [...document.querySelectorAll("td")];
    const words = document.createRange();
    const found = lines.find(line => line.textContent.includes("Contribution = gradient"));
    words.selectNodeContents(found.firstElementChild ?? found);
    const begins = new Map();
    for (const { top, left } of words.getClientRects())
        begins.set(top, Math.min(left, begins.get(top) ?? left));
    return [...begins.values()];
}"""
"""Where each part of a line of an algorithm begins that is broken, the spaces before it and all."""
BEYOND_PAPER = """() => [...document.querySelectorAll(
    ".jp-OutputArea-output :is(img, .ll-image)"
)].filter(image => {
    const right = element => element.getBoundingClientRect().right;
    return right(image) > right(image.closest(".jp-OutputArea-output")) + 1;
}).map(image => (image.alt ?? image.ariaLabel).slice(0, 100))"""
LINES = """element => {
    const style = getComputedStyle(element);
    return [style.borderTopStyle, parseFloat(style.borderTopWidth)];
}"""


def test_a_page_is_whole_in_the_dark_in_high_contrast_at_twice_the_size_and_on_paper(run_cells):
    notebook = run_cells(*CELLS)
    page = notebook.page
    explorer, race, moments = notebook.explorers()
    question = notebook.questions()[0]
    question.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="Commit to this answer").first.click()

    with the_dark_theme(page):
        assert notebook.accessibility_faults() == [], "in the dark"

    page.emulate_media(forced_colors="active")
    assert notebook.accessibility_faults() == [], "in high contrast"
    for button in explorer.root.get_by_role("button").all():
        style, wide = button.evaluate(LINES)
        assert style != "none"
        assert wide >= 1, "a button has an outline, whatever the colours"
    marks = question.locator(".ll-mark").all_text_contents()
    assert any(mark.strip() for mark in marks), "right and wrong are said in words"
    first = explorer.ranges[0]
    first.focus()
    page.keyboard.press("ArrowLeft")
    assert first.evaluate("range => getComputedStyle(range).outlineStyle") != "none", "the focus is seen"
    page.emulate_media(forced_colors="none")

    size = page.viewport_size
    page.keyboard.press("Control+B")  # the list of files
    page.set_viewport_size({"width": 640, "height": 500})  # as 1280 by 1000 at 200%
    assert page.evaluate(CUT_OFF) == []
    for root in (explorer.root, race.root, moments.root):
        assert root.evaluate(BEYOND) == [], "every control stays in its frame"
    assert page.evaluate(UNTOLD) == []
    began, *went_on = page.evaluate(LINE)
    assert went_on, "the line is broken"
    assert min(went_on) > began + 50, "it goes on further in than it begins"
    assert notebook.accessibility_faults() == [], "at twice the size"

    assert page.evaluate(BEYOND_PAPER) != [], "a wide picture is moved, on the screen"
    page.emulate_media(media="print")
    assert page.evaluate(BEYOND_PAPER) == [], "what cannot be moved is seen whole"
    page.emulate_media(media="screen")
    page.evaluate("document.body.classList.add('reveal')")
    assert page.evaluate(BEYOND_PAPER) == [], "and on a slide, too"
    page.evaluate("document.body.classList.remove('reveal')")
    page.set_viewport_size(size)
    page.keyboard.press("Control+B")
