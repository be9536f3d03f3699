"""Two classes side by side: how many have each exercise's points, and which mistakes they made."""

import csv
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from lecture_grader.__main__ import main
from lecture_grader.outputs.item_statistics import Count, comparison
from tests.grader.test_report import graded, judged
from tests.grader.test_what_is_written import write

MISTAKE = "product of the paths"


def class_of(folder, right, wrong, blank=0):
    """Write what a class leaves: so many have solved fan_out, made a mistake, and not tried it."""
    kinds = [judged("fan_out")] * right + [judged("fan_out", 0, mistakes=(MISTAKE,))] * wrong
    kinds += [judged("fan_out", 0, "not attempted")] * blank
    folder.parent.mkdir(exist_ok=True)
    results = [graded(fan_out=one) for one in kinds]
    write(folder, *(replace(one, file=f"s{n}/a.ipynb", student=f"s{n}") for n, one in enumerate(results)))
    return folder


def compared(*given):
    return CliRunner().invoke(main, ["compare", *map(str, given)])


def rows(said):
    return {line.split("  ")[1].strip(): line for line in said.splitlines() if line.startswith("fan_out")}


def test_two_years_stand_side_by_side_with_what_chance_leaves_open(tmp_path):
    before, after = class_of(tmp_path / "2025", 20, 40, 5), class_of(tmp_path / "2026", 90, 10)
    said = compared(before, after)
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[1].split() == ["Exercise", "Part", "2025", "2026", "Difference"]
    found = rows(said.output)
    assert "20 of 60 (33%)" in found["all points"]
    assert "90 of 100 (90%)" in found["all points"]
    assert found["all points"].endswith("+57 ± 13 *")
    assert found["both paths, added"].endswith("+57 ± 13 *")
    assert found[MISTAKE].endswith("-57 ± 13 *")


def test_what_chance_can_do_has_no_star_and_what_one_class_lacks_is_blank(tmp_path):
    before, after = class_of(tmp_path / "a" / "results", 3, 2), class_of(tmp_path / "b" / "results", 5, 1)
    said = compared(before / "item_statistics.csv", after)
    assert "*" not in said.output.partition("Difference: ")[0]
    assert str(tmp_path / "a" / "results") in said.output  # both folders have the same name
    said = comparison({("fan_out", "", ""): Count(9, 9, 3)}, {("nll", "", ""): Count(5, 4, 4)}, ("a", "b"))
    assert [line.split() for line in said.splitlines()[2:4]] == [
        ["nll", "all", "points", "4", "of", "4", "(100%)"],
        ["fan_out", "all", "points", "3", "of", "9", "(33%)"],
    ]


def test_the_statistics_have_no_names_and_count_every_student(tmp_path):
    place = class_of(tmp_path / "2025", 2, 1, 1) / "item_statistics.csv"
    with place.open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [(row["part"], row["mistake"], row["students"], row["tried"], row["count"]) for row in found] == [
        ("", "", "4", "3", "2"),
        ("both paths, added", "", "4", "3", "2"),
        ("", MISTAKE, "4", "3", "1"),
    ]
    assert "s1" not in place.read_text(encoding="utf-8")


HEAD = "lesson,exercise,part,mistake,students,tried,count\n"


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "student,total\ns1,3\n", "\0\0", f"{HEAD}03,a,,,x,1,1\n"),
        *(
            f"{HEAD}03,a,,,{counts}\n"
            for counts in ("-1,-1,-1", "3,2,-1", "3,4,1", "3,2,3", "1" * 25 + ",1,1")
        ),
    ],
)
def test_what_is_no_file_of_statistics_is_refused_in_words(text, tmp_path):
    if text is not None:
        (tmp_path / "item_statistics.csv").write_text(text)
    said = compared(tmp_path, tmp_path)
    assert said.exit_code == 2
    assert "item_statistics.csv" in said.output
    assert "Traceback" not in said.output


COUNTS = st.tuples(st.integers(0, 300), st.integers(0, 300)).map(
    lambda two: Count(max(two), max(two), min(two))
)


@given(COUNTS, COUNTS)
def test_the_difference_the_other_way_round_is_the_same_with_the_other_sign(one, other):
    item = ("fan_out", "", "")
    there = comparison({item: one}, {item: other}, ("a", "b")).splitlines()[2]
    back = comparison({item: other}, {item: one}, ("a", "b")).splitlines()[2]
    last = [line.partition(")  ")[2].partition(")  ")[2] for line in (there, back)]
    assert last[0].lstrip("+-") == last[1].lstrip("+-")
