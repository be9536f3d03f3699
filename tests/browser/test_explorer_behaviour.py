"""What an explorer does in JupyterLab besides, and questions by keyboard alone."""

from playwright.sync_api import expect

from tests.browser.numbers import EXPLORER, SHOW, expect_number


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
    said, legend, option = (
        question.locator(part).first.bounding_box() for part in ("[role=status]", "legend", ".ll-option")
    )
    frame = 5  # how far the mark of the focus goes beyond what has it
    assert legend["y"] + legend["height"] + frame <= said["y"], "its frame touches nothing above it"
    assert said["y"] + said["height"] + frame <= option["y"], "nor beneath it"
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
