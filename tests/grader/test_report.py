"""The class report: what it counts, whom it names, and that pictures have words."""

import base64
import os
import re
import tracemalloc
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_grader import Graded, GradedExercise, find_submissions
from lecture_grader.outputs.feedback import file_name
from lecture_grader.outputs.pictures import OUTCOMES, ExerciseResult, outcomes_picture, points_picture
from lecture_grader.outputs.report import report_page
from lecture_grader.outputs.tally import Tally, outcome_of
from lecture_lib.exercises import Failure, PartResult, Verdict
from lecture_lib.lessons import EXERCISES
from lecture_lib.show import Picture
from tests.grader.test_imports import handed_in as graded_in
from tests.grader.test_what_is_written import write
from tests.points import worth, worth_of_lesson
from tests.show.kit import texts, written_in

HALF_RIGHT = "def neuron_forward(x, w, b, y):\n    c = w * x\n    return c, c + b, 0.0, 0.0"


def judged(
    id: str, share: float = 1.0, state: str = "", mistakes: tuple[str, ...] = (), error: str = ""
) -> GradedExercise:
    """Make what became of an exercise of which the first parts, up to this share, are right."""
    exercise = EXERCISES[id]
    right = round(share * len(exercise.parts))
    parts = [
        PartResult(part.name, *(("passed", part.points) if n < right else ("not yet", 0.0)), part.points)
        for n, part in enumerate(exercise.parts)
    ]
    return GradedExercise(
        Verdict(
            id,
            state or ("error" if error else "passed" if share == 1 else "not yet"),
            tuple(parts),
            failure=Failure(error, "m", 1, "t") if error else None,
            misconceptions=mistakes,
            advice=tuple(exercise.misconception(name).advice for name in mistakes if "<" not in name),
        )
    )


def graded(**exercises: GradedExercise) -> Graded:
    return Graded(exercises=exercises)


def lesson_03(forward: GradedExercise, **others: GradedExercise) -> Graded:
    untried = {id: judged(id, 0, "not attempted") for id in ("neuron_gradients", "fan_out", "backward_order")}
    return graded(**({"neuron_forward": forward} | untried | others))


def tally_of(*students: list[Graded]) -> Tally:
    tally = Tally()
    for number, results in enumerate(students):
        tally.add(f"student {number}", results)
    return tally


def text_of(page: str) -> str:
    """Return what a page says, its pictures' words included."""

    said: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            said.append(dict(attrs).get("alt") or "")

        def handle_data(self, data):
            said.append(data)

    Reader().feed(page)
    return " ".join(said)


def pictures_of(page: str) -> list[str]:
    found = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    return [base64.b64decode(code).decode() for code in found]


# ------------------------------------------------------------------ what is counted


def test_every_student_counts_once_with_the_best_of_each_exercise():
    tally = tally_of(
        [lesson_03(judged("neuron_forward", 0)), lesson_03(judged("neuron_forward"))],
        [lesson_03(judged("neuron_forward", 0.5))],
    )
    assert (tally.students, tally.notebooks) == (2, 3)
    assert tally.exercises["neuron_forward"].outcomes == Counter({"all points": 1, "some points": 1})
    assert tally.exercises["neuron_forward"].parts == Counter({"c and d": 2, "e and loss": 1})
    assert tally.points["03"] == Counter({worth("neuron_forward"): 1, worth("neuron_forward", 0): 1})


@pytest.mark.parametrize(("shares", "median"), [((0, 1), "1"), ((0, 0.5, 1), "1"), ((0, 0, 0.5, 1), "0.5")])
def test_of_an_even_number_of_students_the_median_is_between_the_two_in_the_middle(shares, median):
    students = [[lesson_03(judged("neuron_forward", share))] for share in shares]
    assert f"Median: {median} of 14 points." in text_of(report_page(tally_of(*students)))


def test_what_was_tried_later_counts_more_than_what_was_left_blank():
    blank, wrong = judged("neuron_forward", 0, "not attempted"), judged("neuron_forward", 0)
    for records in ([lesson_03(blank), lesson_03(wrong)], [lesson_03(wrong), lesson_03(blank)]):
        assert tally_of(records).exercises["neuron_forward"].outcomes == Counter({"no points yet": 1})


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (judged("fan_out"), "all points"),
        (judged("neuron_forward", 0.5), "some points"),
        (judged("neuron_forward", 0.5, error="ValueError"), "some points"),
        (judged("fan_out", 0), "no points yet"),
        (judged("fan_out", 0, error="ValueError"), "an error"),
        (judged("fan_out", 0, "not attempted"), "not attempted"),
    ],
)
def test_an_exercise_has_one_outcome(found, outcome):
    assert outcome_of(found) == outcome
    assert outcome in OUTCOMES


def test_the_frequent_mistakes_come_first_with_the_advice_that_was_given():
    rare, frequent = (mistake for mistake in EXERCISES["neuron_forward"].misconceptions[:2])
    students = [[lesson_03(judged("neuron_forward", 0, mistakes=(frequent.name,)))] for _ in range(3)]
    students.append([lesson_03(judged("neuron_forward", 0, mistakes=(rare.name, frequent.name)))])
    said = text_of(report_page(tally_of(*students)))
    assert said.index(frequent.advice) < said.index(rare.advice)
    row = said[said.index("Mistakes that were recognised") :]
    assert re.search(rf"{re.escape(frequent.name)}\s+4\s+100%", row)
    assert re.search(rf"{re.escape(rare.name)}\s+1\s+25%", row)


def test_a_mistake_or_an_error_that_a_student_has_named_is_not_repeated():
    own = judged("neuron_forward", 0, mistakes=("<b>mine</b>",), error="<i>Mine</i>")
    page = report_page(
        tally_of([lesson_03(own)], [lesson_03(judged("neuron_forward", 0, error="ValueError"))])
    )
    assert "mine" not in page.lower()
    assert "an error of another kind" in page
    assert "ValueError" in page


def test_who_has_tried_and_solved_nothing_is_stuck_and_nobody_else():
    tally = tally_of(
        [lesson_03(judged("neuron_forward", 0.5))],
        [lesson_03(judged("neuron_forward", 0), fan_out=judged("fan_out"))],
        [lesson_03(judged("neuron_forward", 0, "not attempted"))],
        [lesson_03(judged("neuron_forward", 0, error="RecursionError"), fan_out=judged("fan_out", 0))],
    )
    one = worth("neuron_forward")
    found = [(who.student, who.tried, who.points, who.out_of, who.first, who.why) for who in tally.stuck]
    assert found == [
        ("student 0", 1, worth("neuron_forward", 0), one, "neuron_forward", "not yet"),
        ("student 3", 2, 0.0, one + worth("fan_out"), "neuron_forward", "RecursionError"),
    ]
    page = report_page(tally, pages="feedback")
    assert f'<a href="feedback/{file_name("student 3")}">student 3</a>' in page
    said = text_of(page)
    assert "tried at least one of its exercises and solved none" in said
    assert "student 3" in said
    assert "student 1" not in said


def test_what_needs_a_human_leads_to_the_file_and_to_the_feedback(tmp_path):
    broken = Graded("", "s1/a b.ipynb", "s1", trouble="The file is empty.")
    write(tmp_path / "results", broken)
    report = (tmp_path / "results" / "report.html").read_text()
    page = file_name("s1")
    file = quote(os.path.relpath("s1/a b.ipynb", tmp_path / "results"))
    assert f'<a href="{file}">s1/a b.ipynb</a> (<a href="feedback/{page}">feedback</a>)' in report


def test_what_was_passed_over_and_what_is_said_of_a_student_lead_to_what_was_handed_in(tmp_path):
    (tmp_path / "class" / "s4").mkdir(parents=True)
    handed = {
        name: tmp_path / "class" / name for name in ("s2.ipynb.txt", "s3.zip", "s4/a b.docx", "s5.html")
    }
    for path in handed.values():
        path.write_text("x")
    (tmp_path / "class" / "s6.zip").symlink_to(tmp_path / "elsewhere")
    found = find_submissions(tmp_path / "class")
    assert {*found.places} == {"s2.ipynb.txt", "s3.zip", "s4", "s5.html", "s6.zip"}
    other = graded_in("s1/03.ipynb", signed_in_as="s9")
    write(tmp_path / "results", other, passed_over=found.passed_over, places=found.places)
    report = (tmp_path / "results" / "report.html").read_text()
    for name, file in (("s2.ipynb.txt", "s2.ipynb.txt"), ("s3.zip", "s3.zip"), ("s4", "s4/a%20b.docx")):
        assert f'<a href="../class/{file}">{name}</a>' in report
    assert '<th scope="row">s6.zip</th>' in report
    file = quote(os.path.relpath("s1/03.ipynb", tmp_path / "results"))
    assert f'<a href="{file}">s1</a> (<a href="feedback/{file_name("s1")}">feedback</a>)' in report


def test_of_a_student_with_many_files_their_folder_is_led_to(tmp_path):
    many = [graded_in(f"s1/{name}.ipynb", signed_in_as="s9") for name in ("03", "try/03")]
    write(tmp_path / "results", *many)
    folder = quote(os.path.relpath("s1", tmp_path / "results"))
    assert f'<a href="{folder}">s1</a> (' in (tmp_path / "results" / "report.html").read_text()


@pytest.mark.parametrize("names", [["s4/a.docx", "s4/b/c.docx"], ["s4/a.docx"]])
def test_in_a_zip_what_was_passed_over_is_where_the_zip_is(names, tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as made:
        for name in ("s1/03.ipynb", *names):
            made.writestr(name, "x")
    assert find_submissions(tmp_path / "class.zip").places == {"s4": str(tmp_path / "class.zip")}


@pytest.mark.parametrize(("right_of_the_best", "words"), [(1, "1.00"), (0, "-1.00")])
def test_how_an_exercise_goes_with_the_rest_of_the_points_is_said(right_of_the_best, words):
    good = lesson_03(judged("neuron_forward", right_of_the_best), fan_out=judged("fan_out"))
    bad = lesson_03(judged("neuron_forward", 1 - right_of_the_best), fan_out=judged("fan_out", 0))
    said = text_of(report_page(tally_of(*[[good]] * 6, *[[bad]] * 6)))
    assert re.search(rf"neuron_forward\s+6\s+0\s+6\s+0\s+0\s+{words}", said)
    few = text_of(report_page(tally_of([good], [bad])))
    assert not re.search(r"\s-?1\.00\b", few)


def test_what_was_not_attempted_and_who_is_absent_is_said():
    page = report_page(tally_of([lesson_03(judged("neuron_forward"))]), absent=["Doe, Jo"], notes=["a note"])
    said = text_of(page)
    assert re.search(r"fan_out(\s+0){4}\s+1\b", said)  # the last column is that of "not attempted"
    assert "Doe, Jo" in said
    assert "a note" in said


def test_a_class_of_nobody_has_a_report_too():
    said = text_of(report_page(Tally()))
    assert "0 students handed in 0 notebooks. 0 things need a human." in said
    assert "Nobody is." in said


def test_real_records_are_counted(solved, grade):
    solved.write("neuron_forward", HALF_RIGHT).write("fan_out", "def fan_out(x):\n    raise KeyError('x')")
    tally = tally_of([grade(solved.bytes())])
    assert tally.points == {
        "03": Counter({worth_of_lesson("03") - worth("fan_out") - worth("neuron_forward", 1): 1})
    }
    assert tally.exercises["neuron_forward"].outcomes == Counter({"some points": 1})
    assert tally.exercises["fan_out"].errors == Counter({"KeyError": 1})


# ------------------------------------------------------------------ the page


def test_the_report_is_the_same_to_the_byte_in_any_order_of_students():
    students = [[lesson_03(judged("neuron_forward", share))] for share in (0, 0.5, 1)]
    one, other = Tally(), Tally()
    for number in range(3):
        one.add(f"s{number}", students[number])
        other.add(f"s{2 - number}", students[2 - number])
    assert report_page(one) == report_page(other)


def test_nothing_of_a_submission_becomes_html_and_the_page_needs_nothing_else():
    tally = Tally()
    tally.add("<script>alert(1)</script>", [lesson_03(judged("neuron_forward", 0))])
    page = report_page(tally, [("<img src=x>", "<b>why</b>")], ["<u>note</u>"], ["<s>absent</s>"])
    assert not re.search(r"<(script|b|u|s)>|<img src=x", page)
    assert "http" not in re.sub(r"base64,[^\"]+", "", page)
    assert all("<script" not in picture for picture in pictures_of(page))


def test_the_pictures_name_nobody_and_say_in_words_what_they_show():
    tally = Tally()
    tally.add("Ada Lovelace", [lesson_03(judged("neuron_forward", 0))])
    page = report_page(tally)
    pictures = pictures_of(page)
    assert len(pictures) == 2
    assert "Ada Lovelace" in page
    assert not any("Ada" in picture for picture in pictures)
    assert len(re.findall(r'<img alt="Lesson 03: [^"]{80,}"', page)) == 2


def test_counting_a_large_class_takes_no_more_memory_than_a_small_one():
    """What is kept does not grow with the class, but for the few lines of those who are stuck."""
    tally = Tally()
    kept = []
    tracemalloc.start()
    for students in (200, 2000):
        for number in range(students):
            half = judged("neuron_forward", 0.5)
            tally.add(f"s{number}", [lesson_03(half, fan_out=judged("fan_out", 1))])
        kept.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert kept[1] - kept[0] < 50_000


# ------------------------------------------------------------------ the pictures


@given(
    st.dictionaries(st.integers(0, 80).map(lambda n: n / 4), st.integers(1, 9999), max_size=30),
    st.sampled_from([1.0, 4.0, 14.0, 20.0, 33.0, 250.0, 2.5, 13_999_986.0, 1e13]),
)
def test_every_student_stands_in_one_bar(points, out_of):
    points = {min(value, out_of): count for value, count in points.items()}
    picture = points_picture("Lesson 03", points, out_of)
    counts = [int(line.rsplit(": ", 1)[1]) for line in picture.words.splitlines()[1:]]
    assert sum(counts) == sum(points.values())
    assert counts[-1] == points.get(out_of, 0)
    assert 2 <= len(counts) <= 22
    inside(picture)


outcomes = st.fixed_dictionaries({outcome: st.integers(0, 5000) for outcome in OUTCOMES})


@given(st.lists(outcomes, min_size=1, max_size=5).filter(lambda all: all[0]["all points"] > 0))
def test_every_outcome_is_a_share_of_a_full_bar(found):
    students = max(sum(one.values()) for one in found)
    results = [ExerciseResult(f"exercise_{n}", Counter(one), {"a part": 1}) for n, one in enumerate(found)]
    picture = outcomes_picture("Lesson 03", results, students)
    for number, one in enumerate(found):
        line = f"exercise_{number}: " + ", ".join(f"{one[outcome]} {outcome}" for outcome in OUTCOMES)
        assert line in picture.words
    inside(picture)


def inside(picture: Picture) -> None:
    """Require that every bar and every line of text begins and ends within the picture."""
    root = ET.fromstring(picture.svg)
    width, height = float(root.get("width")), float(root.get("height"))
    for rect in root.findall("{http://www.w3.org/2000/svg}rect"):
        x, y, w, h = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        assert min(x, y) >= 0
        assert x + w <= width + 0.05
        assert y + h <= height
    for line in written_in(picture):
        assert line.x >= 0
        assert line.right <= width
        assert 8 <= line.y <= height


def test_the_pictures_tell_outcomes_apart_without_colour():
    """One fill is full, three have patterns of their own, one is empty; each has its count and its name."""
    result = ExerciseResult("an_exercise", Counter(dict.fromkeys(OUTCOMES, 20)), {})
    picture = outcomes_picture("Lesson 03", [result], 100)
    svg = picture.svg
    fills = re.findall(r'<rect [^>]*fill="([^"]+)"[^>]* stroke="[^"]+"', svg)
    assert len(fills) == 2 * len(OUTCOMES)  # in the legend and in the bar
    assert set(Counter(fills).values()) == {2}
    assert sorted(fill for fill in set(fills) if fill.startswith("url")) == [
        "url(#error)",
        "url(#none)",
        "url(#some)",
    ]
    assert len(set(re.findall(r"<pattern.*?</pattern>", svg))) == 3
    assert texts(picture).count("20") == 5
    assert {*OUTCOMES} <= {*texts(picture)}
