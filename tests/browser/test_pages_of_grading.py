"""The pages that grading writes of a small class, in a real browser."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page

from lecture_grader import Graded
from lecture_grader.outputs.feedback import feedback_page
from lecture_grader.outputs.report import report_page
from lecture_grader.outputs.tally import Tally

ROOT = Path(__file__).resolve().parent.parent.parent
WRONG = {  # a known mistake, a part of the points, an error, and another error
    "exercise-fan_out": "def fan_out(x):\n    return x",
    "exercise-neuron_forward": "def neuron_forward(x, w, b, y):\n    return w * x, w * x + b, 0.0, 0.0",
    "exercise-neuron_gradients": "def neuron_gradients(x, w, b, y):\n    raise ValueError('<b>&')",
    "exercise-backward_order": "backward_order = undefined",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """Grade a class of five: one right, one who copied it, one wrong, one blank, one broken."""
    folder = tmp_path_factory.mktemp("grading")
    solved, blank = (
        (next((ROOT / name).glob("03_*.ipynb"))).read_text() for name in ("solutions", "notebooks")
    )
    wrong = json.loads(solved)
    for cell in wrong["cells"]:
        cell["source"] = WRONG.get(cell["id"], cell["source"])
    handed = {"right": solved, "copied": solved, "wrong": json.dumps(wrong), "blank": blank, "broken": "{"}
    for student, text in handed.items():
        place = folder / "class" / student
        place.mkdir(parents=True)
        (place / "03.ipynb").write_text(text, encoding="utf-8")
    roster = folder / "roster.csv"
    roster.write_text("Student,ID,SIS User ID,SIS Login ID,Section\nR,1,,right,\nN,2,,nobody,\n")
    command = [sys.executable, "-m", "lecture_grader", "run", str(folder / "class"), "--quiet"]
    command += ["-o", str(folder / "results"), "--roster", str(roster), "--workers", "1"]
    # These notebooks are our own: they can be graded where no sandbox can be made.
    ran = subprocess.run(
        [*command, "--unsafe-no-sandbox"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return folder / "results"


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def test_axe_finds_nothing_in_the_class_report(results, page, axe_faults):
    page.goto((results / "report.html").as_uri())
    for heading in ("What needs a human", "Lesson 03", "The most frequent mistakes", "Who is stuck"):
        assert page.get_by_role("heading", name=heading, exact=True).count() == 1
    assert axe_faults(page) == []


def test_axe_finds_nothing_in_a_page_of_feedback(results, page, axe_faults):
    pages = sorted((results / "feedback").glob("*.html"))
    assert len(pages) == 5
    for path in pages:
        page.goto(path.as_uri())
        assert page.get_by_role("heading", level=1).inner_text().startswith("Feedback for ")
        assert axe_faults(page) == []


def test_axe_looks_at_pages_of_grading(page, axe_faults):
    page.set_content("<html lang='en'><title>t</title><main><h1>t</h1><img src='data:,'></main></html>")
    assert [fault.split(":")[0] for fault in axe_faults(page)] == ["image-alt"]


@pytest.mark.parametrize("width", [1280, 640, 360])
def test_the_pictures_are_drawn_and_nothing_is_wider_than_the_page(results, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((results / "report.html").as_uri())
    pictures = page.get_by_role("img").all()
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_page_of_feedback_is_wider_than_a_phone(results, page):
    page.set_viewport_size({"width": 360, "height": 740})
    for path in (results / "feedback").glob("*.html"):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name


@pytest.mark.parametrize("login", ["m" * 32, "0123456789abcdef" * 4])
def test_a_long_login_makes_no_page_wider_than_a_phone(login, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.set_content(feedback_page(login, [Graded("k", "03.ipynb", login, notes=(f"From {login}.",))]))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_content(report_page(Tally(), [(login, f"It is {login}.")], [f"Of {login}."], [login]))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_stuck_student_leads_to_their_page(results, page: Page):
    page.goto((results / "report.html").as_uri())
    page.get_by_role("table").last.get_by_role("link", name="wrong").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Feedback for wrong"


def test_the_contents_lead_to_each_section_by_keyboard(results, page: Page):
    page.goto((results / "report.html").as_uri())
    links = page.get_by_role("navigation").get_by_role("link").all()
    for link in links:
        page.keyboard.press("Tab")
        assert link.evaluate("link => document.activeElement === link")
        page.keyboard.press("Enter")
        target = page.evaluate("document.querySelector(location.hash).querySelector('h2').textContent")
        assert target == link.inner_text()
        link.focus()
    assert "Who handed in no notebook" in [link.inner_text() for link in links]
