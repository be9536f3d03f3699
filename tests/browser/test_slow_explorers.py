"""Explorers that are slow, fail or are silent: one notebook, and one of its explorers for each test."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ExplorerOnPage, Notebook, save_cells
from tests.browser.numbers import EXPLORER, SHOW, expect_number

SEEN = """picture => {
    window.seen = [];
    new MutationObserver(() => window.seen.push(picture.innerText)).observe(picture, { childList: true });
}"""


@pytest.fixture(scope="module")
def untouched(server, lab):
    """Give explorers of numbers that nobody has moved: 3 fails, 5 takes seconds, 8 longer than one waits."""
    save_cells(server, EXPLORER, *[SHOW] * 6)
    notebook = Notebook(lab)
    notebook.open("small.ipynb")
    notebook.run_all()
    assert notebook.errors == []
    yield iter(notebook.explorers())
    notebook.close()


@pytest.fixture
def numbers(untouched) -> ExplorerOnPage:
    """Give the next one."""
    explorer = next(untouched)
    explorer.root.scroll_into_view_if_needed()
    return explorer


def test_an_error_is_told_and_the_picture_before_it_stays(numbers):
    scrubber, problem = numbers.ranges[0], numbers.root.get_by_role("alert")
    numbers.press(scrubber, "ArrowRight")
    numbers.press(scrubber, "ArrowRight")
    scrubber.press("ArrowRight")
    expect(problem).to_contain_text("step = 3 of 9")
    expect(problem).to_contain_text("ValueError: three cannot be drawn")
    expect_number(numbers, 2)
    numbers.press(scrubber, "ArrowRight")
    expect(problem).to_be_empty()
    expect_number(numbers, 4)


def test_it_plays_says_so_and_stops_when_told_or_moved(numbers):
    root, scrubber = numbers.root, numbers.ranges[0]
    root.get_by_role("button", name="Play").press("Enter")
    expect(root.get_by_role("status")).to_have_text("Playing. Press Pause to stop.")
    expect(numbers.picture).not_to_contain_text("digit 0")  # which number comes next, a busy machine may miss
    root.get_by_role("button", name="Pause").press("Space")
    expect(root.get_by_role("status")).to_have_text("Paused.")
    expect(numbers.picture).to_have_attribute("aria-busy", "false")
    stands = numbers.shown()
    root.page.wait_for_timeout(1500)
    assert numbers.shown() == stands
    root.get_by_role("button", name="First").press("Enter")
    root.get_by_role("button", name="Play").press("Enter")
    scrubber.press("End")
    expect_number(numbers, 9)
    expect(root.get_by_role("button", name="Play")).to_be_visible()


def test_buttons_walk_both_ways_and_keep_the_focus_at_the_ends(numbers):
    root = numbers.root
    for name, n in [("Next", 1), ("Next", 2), ("Back", 1), ("Last", 9), ("Back", 8), ("First", 0)]:
        button = root.get_by_role("button", name=name)
        button.focus()
        button.press("Enter")
        expect(numbers.ranges[0]).to_have_value(str(n))
        assert button.evaluate("b => document.activeElement === b")
    assert root.get_by_role("button", name="Back").get_attribute("aria-disabled") == "true"
    root.get_by_role("button", name="Next").press("Enter")
    root.get_by_role("button", name="Reset").press("Enter")
    expect_number(numbers, 0)


def test_an_answer_that_comes_late_never_replaces_a_later_one(numbers):
    page, scrubber = numbers.root.page, numbers.ranges[0]
    numbers.picture.evaluate(SEEN)
    scrubber.focus()
    for _ in range(6):  # over the slow fifth, to the sixth, before the fifth can have been made
        page.keyboard.press("ArrowRight")
    expect_number(numbers, 6)
    page.wait_for_timeout(1500)
    expect_number(numbers, 6)
    seen = [int(text.split()[1]) for text in page.evaluate("window.seen")]
    assert 5 not in seen
    assert seen == sorted(seen)


def test_silence_is_told_and_ends_when_python_answers(numbers):
    scrubber, problem = numbers.ranges[0], numbers.root.get_by_role("alert")
    scrubber.press("End")
    expect_number(numbers, 9)
    scrubber.press("ArrowLeft")
    expect(problem).to_contain_text("Python has not answered")
    expect_number(numbers, 9)
    expect_number(numbers, 8)
    expect(problem).to_be_empty()


def test_going_back_to_the_picture_that_stands_ends_the_waiting(numbers):
    scrubber, problem = numbers.ranges[0], numbers.root.get_by_role("alert")
    scrubber.press("End")
    expect_number(numbers, 9)
    scrubber.press("ArrowLeft")
    expect(problem).to_contain_text("Python has not answered")
    scrubber.press("ArrowRight")
    expect(problem).to_be_empty()
    expect(numbers.picture).to_have_attribute("aria-busy", "false")
    expect_number(numbers, 9)
