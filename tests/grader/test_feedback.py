"""A student's page: points and advice, for everyone to read, and no input that was tried."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from lecture_grader import Graded, find_submissions
from lecture_grader.outputs.feedback import feedback_page, file_name, own_cells
from lecture_grader.outputs.gradebook import anonymous_csv, rows_of
from lecture_lib.exercises import Failure
from tests.grader.kit import ALL, FULL


def test_a_page_has_points_and_advice_and_no_hidden_input(solved, grade):
    solved.write("fan_out", "def fan_out(x):\n    return x**2")
    solved.write(
        "neuron_gradients", "def neuron_gradients(x, w, b, y):\n    raise ValueError(f'got {x} {w}')"
    )
    graded = grade(solved.bytes())
    page = feedback_page("s1", [graded])
    earned = FULL["neuron_forward"] + FULL["backward_order"]
    assert f"{earned:g} of {ALL} points" in page
    assert f"fan_out: not yet, 0 of {FULL['fan_out']:g}" in page
    assert graded.exercises["fan_out"].verdict.advice[0].split("?")[0] in page
    assert "<code>ValueError</code>" in page
    assert not re.search(r"got [-\d]", page)
    details = [part.detail for found in graded.exercises.values() for part in found.verdict.results]
    assert any(details)
    assert not any(detail in page for detail in details if detail)


def test_a_page_makes_sense_away_from_the_notebook(solved, grade):
    solved.write("neuron_forward", "def neuron_forward(x, w, b, y):\n    raise NotImplementedError('write')")
    solved.write("neuron_gradients", "def neuron_gradients(x, w, b, y):\n    return 0.125, b - 1000")
    solved.write("fan_out", "def fan_out(x):\n    return X")
    solved.write("backward_order", "backward_order = ...")
    page = feedback_page("s1", [grade(solved.bytes())])
    assert "above" not in page
    assert page.count("<p>Nothing was written here.") == 2
    assert page.count("did the line raise NotImplementedError(...) stay in it?") == 1
    assert "Run its check in your notebook" in page
    assert "<code>NameError</code> in line 2: <code>return X</code>" in page
    assert "Is it spelt as where it gets its value" in page


def test_what_took_too_long_is_said_in_words(solved, grade):
    graded = grade(solved.bytes())
    found = graded.exercises["fan_out"]
    ended = replace(found.verdict, state="error", failure=Failure("TimeLimit", "fan_out took too long"))
    page = feedback_page("s1", [replace(graded, exercises={"fan_out": replace(found, verdict=ended)})])
    assert "It took too long and was stopped. Does each of its loops come to an end?" in page
    assert "TimeLimit" not in page


def test_a_page_shows_the_students_own_cell_and_marks_the_line_at_which_it_stopped(solved, grade, tmp_path):
    right = "".join(solved.cell("backward_order")["source"])
    solved.write("neuron_forward", "def neuron_forward(x, w, b, y):\n\tif x == x:\n\t\treturn X\n\treturn X")
    long = "\n".join(f"    k{number} = {number}" for number in range(200))
    solved.write("fan_out", f"def fan_out(x):\n{long}\n    return 1 / 0\n")
    solved.write("neuron_gradients", "def neuron_gradients(x, w, b, y):\n    return helper(x)")
    solved.insert("neuron_gradients", "def helper(x):\n    raise ValueError('</pre>')")
    (tmp_path / "s1.ipynb").write_bytes(solved.bytes())
    (submission,) = find_submissions(tmp_path).submissions
    results = [grade(solved.bytes())]
    page = feedback_page("s1", results, (), own_cells([submission], results))
    (one,) = re.findall(r"<pre>(.*?def neuron_forward.*?)</pre>", page, re.DOTALL)
    assert [line.partition(" if ")[0] for line in one.splitlines()[:2]] == [
        "    1  def neuron_forward(x, w, b, y):",
        "    2     ",
    ]
    assert re.findall("<mark>(.*?)</mark>", one) == ["→   3          return X  (Python stopped here)"]
    (two,) = re.findall(r"<p>60 lines of your cell:</p><pre>(.*?)</pre>", page, re.DOTALL)
    assert "→ 202      return 1 / 0  (Python stopped here)" in two
    assert "def helper" not in page
    assert page.count("<mark>") == 2  # the helper's line is of another cell
    assert right.splitlines()[-1] not in page
    (tmp_path / "s1.ipynb").unlink()
    assert own_cells([submission], results) == {}


def test_lessons_have_headings_and_several_a_table(solved, grade):
    graded = grade(solved.bytes())
    other = Graded(exercises={"encode": graded.exercises["fan_out"]})
    one, two = feedback_page("s1", [graded]), feedback_page("s1", [graded, other])
    assert re.findall(r"<h2>([^<]*)", one) == ["Lesson 03"]
    assert re.findall(r"<h2>([^<]*)", two) == ["Lesson 03", "Lesson 05"]
    assert ("<table>" in one, "<table>" in two) == (False, True)


def test_a_file_that_could_not_be_read_has_no_points_to_be_out_of():
    page = feedback_page("s1", [Graded(trouble="The file is empty.")])
    assert "There was nothing that could be graded." in page
    assert "of 0" not in page
    assert "The file is empty." in page


def test_a_page_shows_what_the_exercises_cell_printed_and_not_what_an_input_made_it_print(solved, grade):
    source = "print('<i>here</i>', 'x' * 9000)\ndef fan_out(x):\n    print('given', x)\n    return 0.0"
    page = feedback_page("s1", [grade(solved.write("fan_out", source).bytes())])
    assert "The cell printed:</p><pre>&lt;i&gt;here&lt;/i&gt; xxx" in page
    assert "xxx\n(and more)</pre>" in page
    assert "given" not in page


def test_nothing_of_a_submission_becomes_html(solved, grade):
    solved.insert("neuron_forward", "raise ValueError('<script>alert(1)</script>')")
    page = feedback_page("<b>s1</b>", [grade(solved.bytes())])
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page


def test_a_page_is_well_formed_and_says_its_language(solved, grade):
    page = feedback_page("s1", [grade(solved.bytes())])
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag != "meta":
                open_tags.append(tag)

        def handle_endtag(self, tag):
            assert open_tags.pop() == tag

    Checker().feed(page)
    assert open_tags == []
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert page.count("<h1>") == 1
    assert "http" not in page


@pytest.mark.parametrize("student", ["../../etc/passwd", "a/b", "ÄÖÜ", "", "x" * 500, "con\n"])
def test_a_page_has_a_name_that_leads_nowhere(student):
    assert re.fullmatch(r"[\w-]{1,60}\.html", file_name(student), flags=re.ASCII)


def test_two_students_have_two_pages():
    assert file_name("a b") != file_name("a_b")
    told_apart = file_name("a").removesuffix(".html").partition("-")[2]
    assert len(told_apart) == 16  # 64 bits: nobody finds an id whose page takes the place of another's


def test_the_anonymous_csv_names_nobody_and_holds_everyone(solved, grade):
    graded = grade(solved.bytes())
    rows = rows_of([replace(graded, student=student) for student in ("s1", "Ada")])
    text = anonymous_csv(rows, "a seed")
    assert "Ada" not in text
    assert "s1" not in text
    assert [line.split(",")[-1] for line in text.splitlines()] == ["total", ALL, ALL]
    assert text == anonymous_csv(reversed(rows), "a seed")
