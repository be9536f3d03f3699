"""Pictures in a notebook's page: seen whole where there is room, and never too small to read."""

from playwright.sync_api import expect

import lecture_lib as ll
from tests.browser.conftest import MOVE, ExplorerOnPage
from tests.browser.test_explorers_beside_widgets import inside

DUCK = """import lecture_lib as ll
loss = ll.backward(ll.sentence_graph(ll.duck_goose())["loss"])
ll.scrubber(loss, start=len(loss.steps), layers=ll.LAYERS)"""


def the_same(opened: str) -> ll.Explorer:
    """Make the same explorer with a layer open, or none, to know where the layers stand."""
    loss = ll.backward(ll.sentence_graph(ll.duck_goose())["loss"])
    return ll.scrubber(loss, start=len(loss.steps), layers=ll.LAYERS, opened=opened)


def number_height(explorer: ExplorerOnPage) -> float:
    """How high the numbers of the graph are shown, in pixels."""
    graph = explorer.picture.locator(".ll-image").last
    return 13.5 * graph.evaluate(
        "image => image.clientWidth / image.shadowRoot.querySelector('svg').viewBox.baseVal.width"
    )


SIGNS = """all => all.map(one => getComputedStyle(one, '::before'))
    .filter(sign => sign.content !== 'none' && sign.display !== 'none').map(sign => sign.content)"""
"""What is said above each of these pictures, if it is wider than the page."""
NO_SIGN = f"""() => ({SIGNS})(
    [...document.querySelectorAll('.ll-wide')].filter(one => one.checkVisibility())).length === 0"""


def test_the_duck_gooses_graph_is_seen_whole_and_its_numbers_can_be_read_in_a_narrow_window(run_cells):
    notebook = run_cells(DUCK, "ll.graph(loss, layers=ll.LAYERS)")
    notebook.page.keyboard.press("Control+B")  # closes the list of files
    (explorer,) = notebook.explorers()
    notebook.page.set_viewport_size({"width": 1280, "height": 800})
    whole = explorer.root.evaluate("""root => {
        const seen = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect();
        root.scrollIntoView({block: 'end'});
        return [root.getBoundingClientRect().height, seen.height];
    }""")
    assert whole[0] <= whole[1]
    assert number_height(explorer) >= 11.9

    notebook.page.set_viewport_size({"width": 768, "height": 800})
    assert number_height(explorer) >= 11.9
    graph = explorer.picture.locator(".ll-image").last
    graph.focus()
    for _ in range(4):
        notebook.page.keyboard.press("ArrowRight")
    notebook.page.wait_for_timeout(300)
    left = "element => element.getBoundingClientRect().left"
    assert explorer.picture.evaluate(left) - graph.evaluate(left) > 100, (
        "what does not fit is reached by the arrow keys"
    )
    assert notebook.accessibility_faults() == []

    pictures = notebook.page.locator(".ll-wide:visible")
    expect(pictures).to_have_count(3)  # the explorer's formulas and graph, and one outside
    told = pictures.evaluate_all(SIGNS)
    assert len(told) == 2, "once for the explorer"
    assert all("The picture is wider than the page." in sign for sign in told)
    with explorer.changes("closing the layers"):
        explorer.selects[0].select_option("no layer")
    assert "4 operations" in explorer.shown()
    notebook.page.set_viewport_size({"width": 1280, "height": 800})
    notebook.page.wait_for_function(NO_SIGN, timeout=MOVE)  # JupyterLab sees later that its window is wider
    with explorer.changes("a click on a closed layer"):
        notebook.page.mouse.click(*inside(explorer, the_same("no layer"), "[layer 1]"))
    expect(explorer.selects[0]).to_have_value("2")
    assert "layer 1 (closed" not in explorer.shown()
    with explorer.changes("a click on the open layer's title"):
        notebook.page.mouse.click(*inside(explorer, the_same("layer 1"), "[layer 1]"))
    expect(explorer.selects[0]).to_have_value("5")
    assert "layer 1 (closed" in explorer.shown()

    notebook.page.set_viewport_size({"width": 768, "height": 800})
    still = notebook.page.locator("img[tabindex]:visible")
    at_work = "jupyterapp.shell.currentWidget.content.activeCellIndex"
    graph.focus()
    for _ in range(9):
        notebook.page.keyboard.press("Tab")
        if still.evaluate("image => image === document.activeElement"):
            break
    before = notebook.page.evaluate(at_work)
    for _ in range(4):
        notebook.page.keyboard.press("ArrowRight")
    notebook.page.wait_for_timeout(300)
    assert still.evaluate("image => image.parentElement.scrollLeft") > 100, (
        "Tab goes to it, and arrow keys move it"
    )
    assert notebook.page.evaluate(at_work) == before, "the notebook stays where it is"
    notebook.page.keyboard.press("Shift+Tab")
    assert still.evaluate("image => image !== document.activeElement"), "and Tab leaves it"


PLACES = """explorer => Array.from(explorer.querySelectorAll(".ll-image"), image => {
    const { left, top, right, width } = image.getBoundingClientRect();
    return { left, top, right, scale: width / image.shadowRoot.querySelector("svg").viewBox.baseVal.width };
})"""


def test_two_charts_stand_side_by_side_where_the_list_of_files_is_open(run_cells):
    notebook = run_cells("import lecture_lib as ll\nll.explore_promise()")
    (explorer,) = notebook.explorers()
    notebook.page.set_viewport_size({"width": 1280, "height": 800})
    first, second = explorer.root.evaluate(PLACES)
    assert first["top"] == second["top"]
    assert first["right"] <= second["left"]
    for chart in (first, second):
        assert 13.5 * chart["scale"] >= 11.9, "its numbers can be read"

    notebook.page.set_viewport_size({"width": 1000, "height": 800})
    first, second = explorer.root.evaluate(PLACES)
    assert first["left"] == second["left"], "one below the other, where their numbers would become too small"
    assert first["scale"] == second["scale"] == 1
