"""The instructor's tables in docs/slides.md: every slide, section, exercise and error is where they say."""

import ast
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from lecture_lib.explore.question import LESSONS
from lecture_lib.lessons import EXERCISES

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = {
    question.id: question for asked in LESSONS.values() for question in (*asked.RECALL, *asked.PREDICTIONS)
}
PAPER = (ROOT / "docs" / "slides.md").read_text(encoding="utf-8")
NOTEBOOKS = {
    path.name[:2]: nbformat.read(path, 4) for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")
}


def rows(heading):
    """Give the rows of the table beneath a heading: a dict each, by column."""
    part = PAPER.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    header, _, *body = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if line.startswith("|")
    ]
    return [dict(zip(header, row, strict=True)) for row in body]


SLIDES, ERRORS = rows("Every slide"), rows("Every error")


def section(row):
    """Give all that stands in a row's section: its cells, and the questions that they ask."""
    found, level = [], 0
    for cell in NOTEBOOKS[row["lesson"]].cells:
        for line in cell.source.splitlines():
            heading = re.match(r"(#+) (.*)", line) if cell.cell_type == "markdown" else None
            if level and heading and len(heading[1]) <= level:
                return "\n".join(found)
            if heading and heading[2] == row["section"]:
                level = len(heading[1])
            if level:
                found.append(line)
        if level:
            found.append(said_of_questions(cell))
    return "\n".join(found)


def said_of_questions(cell):
    if cell.cell_type != "code":
        return ""
    names = {node.value for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant)}
    return "".join(
        " ".join([question.prompt, *(option.explanation for option in question.options)])
        for id, question in QUESTIONS.items()
        if id in names
    )


def in_one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("row", [*SLIDES, *ERRORS], ids=lambda row: f"{row['lesson']} {row['section']}")
def test_every_section_of_the_tables_is_a_heading_of_its_lesson(row):
    assert section(row), f"lesson {row['lesson']} has no heading {row['section']!r}: see docs/slides.md"


def test_every_exercise_stands_in_the_section_that_its_row_names():
    for row in SLIDES:
        if row["exercise"]:
            heading = f"### Exercise {row['exercise']} ("
            assert heading in section(row), row
            assert EXERCISES[row["exercise"].strip("`")].lesson == row["lesson"]


def test_every_exercise_has_a_row_with_its_slide():
    in_table = {(row["exercise"].strip("`"), row["slide"]) for row in SLIDES if row["exercise"]}
    assert {exercise for exercise, _ in in_table} == set(EXERCISES)
    missing = [e.id for e in EXERCISES.values() if (e.id, e.slide or "(no slide)") not in in_table]
    assert missing == []


def test_every_slide_that_a_question_names_is_in_the_table():
    known = {row["slide"] for row in SLIDES} | {"", "Notation (lesson 00)"}
    assert {question.slide for question in QUESTIONS.values()} <= known


def test_every_lesson_is_taught_by_some_slide():
    assert {row["lesson"] for row in SLIDES} == set(NOTEBOOKS)


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row["on the slides"])
def test_every_error_is_met_in_the_section_that_its_row_names(row):
    assert in_one_line(row["where it says"]) in in_one_line(section(row))


def test_no_row_stands_twice():
    assert max(Counter(tuple(row.values()) for row in [*SLIDES, *ERRORS]).values()) == 1
