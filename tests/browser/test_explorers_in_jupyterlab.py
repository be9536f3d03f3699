"""Explorers and questions in a small notebook: what the tests of the lessons rely on."""

import pytest

from tests.browser.lessons_kit import answer_by_keyboard

EXPLORER = """\
from types import SimpleNamespace
from lecture_lib.explore import Choice, Explorer, Slider, Steps, Toggle


def squares(step, side, colour, filled):
    look = colour if filled else "none"
    rects = "".join(
        f"<rect x='{30 * i + 5}' y='5' width='{side}' height='{side}' fill='{look}' stroke='{colour}'/>"
        for i in range(step + 1)
    )
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='150' height='40'>{rects}</svg>"
    import base64
    data = base64.b64encode(svg.encode()).decode()
    words = f"{step + 1} squares of side {side}, {colour}."
    return SimpleNamespace(html=f'<img alt="{words}" src="data:image/svg+xml;base64,{data}">', words=words)


Explorer(
    squares,
    [
        Steps("step", "step", last=4),
        Slider("side", "side", [10, 15, 20], start=20),
        Choice("colour", "colour", ["blue", "brown"]),
        Toggle("filled", "filled"),
    ],
    title="Squares",
)
"""


def test_every_control_changes_the_picture_by_keyboard(run_cells):
    notebook = run_cells(EXPLORER)
    assert notebook.errors == []
    (explorer,) = notebook.explorers()
    assert [len(explorer.ranges), len(explorer.selects), len(explorer.boxes)] == [2, 1, 1]
    explorer.try_every_control()
    assert notebook.faults == []


def test_it_moves_where_its_model_took_longer_to_start_than_anywidget_waits(run_cells, lab):
    """As on a slow machine, when a whole notebook runs: at once is sooner than anything starts."""
    lab.evaluate("""() => {
        const timeout = AbortSignal.timeout;
        const put = signal => AbortSignal.timeout = signal;
        window.patientAgain = () => put(timeout);
        put(() => timeout.call(AbortSignal, 0));
    }""")
    notebook = run_cells(EXPLORER, "import lecture_lib as ll\nll.recall('03')")
    lab.evaluate("patientAgain()")
    (explorer,) = notebook.explorers()
    explorer.press(explorer.ranges[0], "ArrowRight")
    answer_by_keyboard(lab, notebook.questions()[0])
    assert notebook.gave_up == ["[anywidget] Failed to initialize model."] * 2


def test_the_scrubber_goes_to_its_ends_by_keyboard(run_cells):
    (explorer,) = run_cells(EXPLORER).explorers()
    scrubber = explorer.ranges[0]
    explorer.press(scrubber, "End")
    assert explorer.shown().count("5 squares") == 1
    explorer.press(scrubber, "Home")
    assert explorer.shown().count("1 squares") == 1


def test_the_arrow_keys_stay_with_the_control(run_cells):
    """JupyterLab would move to another cell, and the next key would go there."""
    notebook = run_cells(EXPLORER, "1 + 1")
    (explorer,) = notebook.explorers()
    scrubber = explorer.ranges[0]
    scrubber.focus()
    for _ in range(3):
        notebook.page.keyboard.press("ArrowRight")
    assert scrubber.evaluate("c => document.activeElement === c")
    assert scrubber.input_value() == "3"


def test_axe_finds_nothing_in_an_explorer(run_cells):
    notebook = run_cells(EXPLORER)
    notebook.explorers()
    assert notebook.accessibility_faults() == []


def test_axe_looks_at_the_outputs(run_cells):
    notebook = run_cells("from IPython.display import HTML\nHTML('<button></button>')")
    (fault,) = notebook.accessibility_faults()
    assert fault.startswith("button-name")


def test_an_error_is_seen(run_cells):
    notebook = run_cells("1 / 0", "2")
    (error,) = notebook.errors
    assert "ZeroDivisionError" in error


def test_a_control_that_changes_nothing_is_seen(run_cells):
    notebook = run_cells(EXPLORER.replace("look = colour if filled else", "look = 'none' if filled else"))
    (explorer,) = notebook.explorers()
    explorer.patience = 6000
    with pytest.raises(AssertionError, match="Space on filled did not change the picture"):
        explorer.try_every_control()
