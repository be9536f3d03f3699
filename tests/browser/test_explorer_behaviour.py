"""What an explorer does when Python is slow, fails or is silent, and questions by keyboard alone."""

import pytest
from playwright.sync_api import expect

EXPLORER = """\
import time
from types import SimpleNamespace
from lecture_lib.explore import Choice, Explorer, Slider, Steps

calls = []


def number(step, kind="digit"):
    calls.append(step)
    if step == 3:
        raise ValueError("three cannot be drawn")
    time.sleep({5: 1.0, 8: 6.5}.get(step, 0.0))
    words = f"{kind} {step} is here. It is a number."
    return SimpleNamespace(html=f"<p>{words}</p>", words=words)
"""
SHOW = 'Explorer(number, [Steps("step", "step", last=9, seconds=0.2)], title="Numbers")'
SEEN = """() => {
    window.seen = [];
    const picture = document.querySelector(".ll-picture");
    new MutationObserver(() => window.seen.push(picture.innerText)).observe(picture, { childList: true });
}"""


@pytest.fixture
def numbers(run_cells):
    """An explorer of numbers: 3 fails, 5 takes a second, 8 takes longer than one waits in silence."""
    notebook = run_cells(EXPLORER, SHOW)
    assert notebook.errors == []
    return notebook.explorers()[0]


def expect_number(explorer, n):
    expect(explorer.picture).to_have_text(f"digit {n} is here. It is a number.")


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


def test_an_answer_that_comes_late_never_replaces_a_later_one(numbers):
    page, scrubber = numbers.root.page, numbers.ranges[0]
    page.evaluate(SEEN)
    scrubber.focus()
    for _ in range(6):  # over the slow fifth, to the sixth, before the fifth can have been made
        page.keyboard.press("ArrowRight")
    expect_number(numbers, 6)
    page.wait_for_timeout(1500)
    expect_number(numbers, 6)
    seen = [int(text.split()[1]) for text in page.evaluate("window.seen")]
    assert 5 not in seen
    assert seen == sorted(seen)


def test_the_next_picture_is_there_without_asking_and_python_knows_the_state(run_cells):
    notebook = run_cells(EXPLORER, "explorer = " + SHOW + "\nexplorer")
    (explorer,) = notebook.explorers()
    scrubber = explorer.ranges[0]
    scrubber.focus()
    notebook.page.wait_for_timeout(700)
    changed_at_once = """input => {
        const picture = document.querySelector(".ll-picture");
        input.value = 1;
        input.dispatchEvent(new Event("input"));
        return picture.innerText;
    }"""
    assert scrubber.evaluate(changed_at_once).startswith("digit 1"), "in the same turn of the browser"


def test_silence_is_told_and_ends_when_python_answers(numbers):
    scrubber, problem = numbers.ranges[0], numbers.root.get_by_role("alert")
    scrubber.press("End")
    expect_number(numbers, 9)
    scrubber.press("ArrowLeft")
    expect(problem).to_contain_text("Python has not answered", timeout=8000)
    expect_number(numbers, 9)
    expect_number(numbers, 8)
    expect(problem).to_be_empty()


def test_it_plays_says_so_and_stops_when_told_or_moved(numbers):
    root, scrubber = numbers.root, numbers.ranges[0]
    root.get_by_role("button", name="Play").press("Enter")
    expect(root.get_by_role("status")).to_have_text("Playing. Press Pause to stop.")
    expect_number(numbers, 2)
    root.get_by_role("button", name="Pause").press("Space")
    expect(root.get_by_role("status")).to_have_text("Paused.")
    stands = numbers.shown()
    root.page.wait_for_timeout(700)
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


def test_going_back_to_the_picture_that_stands_ends_the_waiting(numbers):
    scrubber, problem = numbers.ranges[0], numbers.root.get_by_role("alert")
    scrubber.press("End")
    expect_number(numbers, 9)
    scrubber.press("ArrowLeft")
    expect(problem).to_contain_text("Python has not answered", timeout=8000)
    scrubber.press("ArrowRight")
    expect(problem).to_be_empty()
    expect(numbers.picture).to_have_attribute("aria-busy", "false")
    expect_number(numbers, 9)


def test_two_views_of_one_explorer_move_together(run_cells):
    one, other = run_cells(EXPLORER, "explorer = " + SHOW + "\nexplorer", "explorer").explorers()
    one.press(one.ranges[0], "ArrowRight")
    expect_number(one, 1)
    expect_number(other, 1)
    expect(other.ranges[0]).to_have_value("1")


def test_what_is_typed_into_a_control_does_nothing_to_the_notebook(run_cells):
    show = (
        'Explorer(number, [Steps("step", "step", 9), Choice("kind", "kind", ["digit", "dozen"])], title="N")'
    )
    notebook = run_cells(EXPLORER, show, "1 + 1")
    (explorer,) = notebook.explorers()
    # In JupyterLab d d deletes the cell, x cuts it, b makes a new one. In a select letters find an option.
    for control, keys in ((explorer.ranges[0], "ddxb"), (explorer.selects[0], "doxb")):
        control.focus()
        for key in keys:
            notebook.page.keyboard.press(key)
    assert notebook.page.locator(".jp-CodeCell").count() == 3
    expect(explorer.picture).to_contain_text("dozen 0")


def test_a_question_is_answered_by_keyboard_and_gives_nothing_away_before(run_cells):
    notebook = run_cells('import lecture_lib as ll\nll.recall("03")')
    page, (question, *_) = notebook.page, notebook.questions()
    from lecture_lib.lessons import recall

    asked = recall("03").questions[0]
    explanations = [option.explanation for option in asked.options]
    assert not any(text[:60] in page.content() for text in explanations)

    question.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    wrong = next(number for number in range(1, len(asked.options)) if number != asked.right)
    for _ in range(wrong):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(question.get_by_role("status")).to_have_text("Not that one. The right answer is marked.")
    assert question.get_by_role("status").evaluate("p => document.activeElement === p")
    page.keyboard.press("Tab")
    assert question.locator("summary").first.evaluate("s => document.activeElement === s"), "Tab goes on"
    expect(question.get_by_text(explanations[wrong])).to_be_visible()
    expect(question.get_by_text(explanations[0])).to_be_hidden()
    expect(question.locator(".ll-right label")).to_have_text(asked.options[asked.right].text)
    first_reason = question.locator("summary").first
    first_reason.focus()
    page.keyboard.press("Enter")
    expect(question.get_by_text(explanations[0])).to_be_visible()
    expect(question.get_by_role("button")).to_have_count(0)
    assert notebook.accessibility_faults() == []


def test_committing_to_nothing_is_told(run_cells):
    notebook = run_cells('import lecture_lib as ll\nll.predict("03-two-edges")')
    (question,) = notebook.questions()
    question.get_by_role("button").press("Enter")
    expect(question.get_by_role("status")).to_have_text("Choose one of the answers first.")
    expect(question.locator("details")).to_have_count(0)
