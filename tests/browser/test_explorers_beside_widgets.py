"""Explorers among ipywidgets of one's own, and by mouse: numbers dragged and typed, nodes clicked."""

from playwright.sync_api import expect

import lecture_lib as ll
from tests.browser.conftest import found_by_axe

EXPLORER = """import ipywidgets
import lecture_lib as ll

explorer = ll.explore_graph(lambda w, x: ((w * x).named("c") - 1) ** 2, w=0.5, x=2.0)
mine = ipywidgets.FloatText(value=0.5, description="mine")
ipywidgets.link((explorer.widget, "w"), (mine, "value"))
said = ipywidgets.Label("nothing yet")
explorer.widget.observe(lambda change: setattr(said, "value", f"w is {change.new}"), "w")
explorer.widget.x = 1.5
ipywidgets.HBox([explorer.widget, ipywidgets.VBox([mine, said])])"""

SLOW = """import time
from lecture_lib.explore import Explorer, Slider, numbers


def slowly(w):
    time.sleep(0.15)
    return ll.graph(ll.forward((ll.parameter(w, "w") ** 2).named("loss")))


slow = Explorer(slowly, [Slider("w", "w", numbers(0, 2, 0.1), start=0.0)], title="Slow")
dragged, was = ipywidgets.FloatSlider(min=0, max=2, step=0.1), ipywidgets.Label("was 0.0")
ipywidgets.link((slow.widget, "w"), (dragged, "value"))
slow.widget.observe(lambda change: setattr(was, "value", f"{was.value} {change.new}"), "w")
ipywidgets.VBox([slow.widget, dragged, was])"""


def middle(explorer, name):
    """Give where the box with a name stands on the screen, from what Python says of the picture."""
    return inside(explorer, ll.explore_graph(lambda w, x: ((w * x).named("c") - 1) ** 2, w=0.5, x=2.0), name)


def inside(explorer, like, name, right=0.5, up=0.5):
    """Give a place within what has the name in the picture of an explorer that is like this one."""
    drawn = like.spec()["picture"]["places"]
    image, _, left, top, width, height, _ = next(place for place in drawn if place[1] == name)
    box = explorer.picture.locator(".ll-image").nth(image).bounding_box()
    return box["x"] + (left + right * width) * box["width"], box["y"] + (top + (1 - up) * height) * box[
        "height"
    ]


def test_an_explorer_among_ipywidgets_moves_and_is_moved(run_cells):
    notebook = run_cells(EXPLORER, "ll.explore_starts()", SLOW)
    page = notebook.page
    assert notebook.errors == []
    explorer, starts, slow = notebook.explorers()
    _, w, x = explorer.ranges
    expect(x).to_have_attribute("aria-valuetext", "1.5")  # what Python set before it was shown
    said = page.locator(".widget-label", has_text="w is")

    explorer.press(w, "ArrowRight")
    expect(said).to_have_text("w is 0.6")
    own = page.locator(".widget-text input")
    expect(own).to_have_value("0.6")

    with explorer.changes("a field of one's own"):
        own.fill("0.7")
        own.press("Enter")
        expect(w).to_have_attribute("aria-valuetext", "0.7")

    typed = explorer.root.get_by_label("w: type a number")
    typed.fill("-1,04")
    typed.press("Enter")
    expect(said).to_have_text("w is -1.0")
    typed.fill("minus one")
    typed.press("Enter")
    expect(explorer.root.get_by_role("status")).to_have_text("minus one is not a number. w stays −1.0.")
    expect(typed).to_have_value("−1.0")

    drag(page, *centre(typed), by=30)
    expect(said).to_have_text("w is -0.5")
    drag(page, *middle(explorer, "w"), by=-12)
    expect(said).to_have_text("w is -0.7")

    page.mouse.click(*middle(explorer, "c"))
    expect(explorer.root.get_by_label("Go to").locator("option:checked")).to_have_text("c, forward")
    expect(explorer.picture).to_contain_text("forward: c")
    page.mouse.click(*middle(explorer, "c"))
    expect(explorer.picture).to_contain_text("backward: through c")
    by_name = explorer.root.get_by_label("Go to")
    by_name.focus()
    by_name.press("Home")
    by_name.press("ArrowDown")
    expect(explorer.picture).to_contain_text("forward: c")

    # A click on a map begins there: a quarter to the right and three quarters up, of −2.2 to 2.2 both ways.
    starts.picture.scroll_into_view_if_needed()
    page.mouse.click(*inside(starts, ll.explore_starts(), "where each start ends", 0.25, 0.75))
    w, u, *_ = starts.ranges
    expect(w).to_have_attribute("aria-valuetext", "−1.00")
    expect(u).to_have_attribute("aria-valuetext", "1.00")
    expect(starts.picture).to_contain_text("Start w = −1.00, u = 1.00")
    shown = starts.shown()
    page.mouse.click(*inside(starts, ll.explore_starts(), "the loss along the path"))  # it has no slider
    assert starts.shown() == shown

    # A slider of one's own is moved faster than pictures come: what was chosen before never comes back.
    slow.root.hover()
    page.locator(".noUi-handle").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight", delay=60)
    expect(slow.ranges[0]).to_have_attribute("aria-valuetext", "0.8")
    expect(slow.picture).to_have_attribute("aria-busy", "false")
    was = [float(value) for value in page.locator(".widget-label", has_text="was").inner_text().split()[1:]]
    assert was == sorted(was)
    assert was[-1] == 0.8

    assert notebook.errors == []
    assert notebook.faults == []
    assert found_by_axe(page, [".ll-explorer"]) == []


def centre(control):
    box = control.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, x, y, by):
    """Press, hold, move in small steps, let go."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=5)
    page.mouse.up()
