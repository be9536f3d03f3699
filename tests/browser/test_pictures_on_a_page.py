"""Pictures in a notebook's page: seen whole where there is room, and never too small to read."""

from tests.browser.conftest import ExplorerOnPage

DUCK = """import lecture_lib as ll
loss = ll.backward(ll.sentence_graph(ll.duck_goose())["loss"])
ll.scrubber(loss, start=len(loss.steps), layers=ll.LAYERS)"""


def number_height(explorer: ExplorerOnPage) -> float:
    """How high the numbers of the graph are shown, in pixels."""
    graph = explorer.picture.locator("img").last
    return 13.5 * graph.evaluate("image => image.getBoundingClientRect().width / image.naturalWidth")


def test_the_duck_gooses_graph_is_seen_whole_and_its_numbers_can_be_read_in_a_narrow_window(run_cells):
    notebook = run_cells(DUCK)
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
    graph = explorer.picture.locator("img").last
    graph.focus()
    for _ in range(4):
        notebook.page.keyboard.press("ArrowRight")
    notebook.page.wait_for_timeout(300)
    left = "element => element.getBoundingClientRect().left"
    assert explorer.picture.evaluate(left) - graph.evaluate(left) > 100, (
        "what does not fit is reached by the arrow keys"
    )
    assert notebook.accessibility_faults() == []

    before = explorer.shown()
    explorer.selects[0].select_option("no layer")
    closed = explorer.wait_for_other_than(before, "closing the layers")
    assert "4 operations" in closed
