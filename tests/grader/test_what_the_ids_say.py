"""Whose the ids in notebooks are: beside what a folder, a file or the roster says."""

from dataclasses import replace

import pytest

from lecture_grader import Graded, rows_of
from lecture_grader.handed_in import owner_in_path
from lecture_grader.handed_in.owners import folded
from lecture_grader.outputs.rosters import read_roster
from tests.grader.test_imports import handed_in


def said_of(*ids: tuple[str, str], roster=None) -> dict[str, list[str]]:
    """Say of each student what a human is told, where folders have notebooks that sign in with these ids."""
    results = [handed_in(f"{folder}/03.ipynb", signed_in_as=id) for folder, id in ids]
    return {row.student: [words for _, words in row.human] for row in rows_of(results, roster) if row.human}


OTHER = "The notebooks sign in as {}, which is not the id of the student that the folder or the roster names."


@pytest.mark.parametrize(
    ("folder", "id"), [("s1234", "s4321"), ("12345", "54321"), ("ab-12", "ab-13"), ("S1234", "s4321")]
)
def test_an_id_that_disagrees_with_its_folder_is_said(folder, id):
    assert said_of((folder, id)) == {folder: [OTHER.format(id)]}


@pytest.mark.parametrize(
    ("folder", "id"),
    [
        ("s1234", "s1234"),
        ("S1234", "s1234"),
        ("s1234", "guest"),
        ("s1234", ""),
        ("Ada Smith_71_assignsubmission_file_", "ada smith"),
        ("Ada Smith_71_assignsubmission_file_", "s1234"),
        ("Ada Smith_71_assignsubmission_file_", "3312345"),
        ("100-64 - Ada Smith - Oct 10, 2025 1022 AM", "3312345"),
        ("group 3", "ada"),
    ],
)
def test_an_id_that_may_well_be_the_folders_student_is_not(folder, id):
    assert said_of((folder, id)) == {}


def test_where_most_folders_are_called_as_ids_are_any_other_id_is_said():
    assert said_of(("ada", "ada"), ("bob", "bob"), ("jo", "xy")) == {"jo": [OTHER.format("xy")]}
    assert said_of(("ada", "s1"), ("bob", "s2"), ("jo", "s3")) == {}


@pytest.mark.parametrize(("theirs", "said"), [(0, []), (1, []), (2, ["ada2"])])
def test_where_folders_are_called_by_logins_an_id_is_said_only_if_some_are_ids(theirs, said):
    class_of_twenty = [
        (f"ada{n}", f"ada{n}" if n < theirs else f"s{n}" if n == 2 else f"{n}") for n in range(20)
    ]
    assert [*said_of(*class_of_twenty)] == said


def test_an_id_that_is_anothers_folder_is_said_whatever_it_looks_like():
    said = said_of(("ada", "xyz"), ("bob", "ada"), ("jo", "uvw"))
    assert said == {"bob": ["The notebooks sign in as ada, and that is ada."]}


@pytest.mark.parametrize("file", ["ada_4711_9_a.ipynb", "Ada Smith/03.ipynb"])
@pytest.mark.parametrize("id", ["3312345", "x_71"])
def test_a_number_of_the_learning_systems_is_no_id_with_which_one_is_compared(file, id, tmp_path):
    (tmp_path / "roster.csv").write_text('Student,ID,SIS Login ID,Section\n"Smith, Ada",4711,ada,\n')
    roster = read_roster(tmp_path / "roster.csv")
    for one in (None, roster):
        (row,) = rows_of([handed_in(file, signed_in_as=id)], one)
        assert row.human == []


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("s1", []),
        ("ada", []),
        ("anything", []),
        ("s2", ["The notebooks sign in as s2, and that is jo_4712."]),
        ("s9", [OTHER.format("s9")]),
    ],
)
def test_an_id_is_compared_with_those_of_the_roster(id, said, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text(
        'Student,ID,SIS User ID,SIS Login ID,Section\n"Smith, Ada",4711,s1,ada@x.org,\n"Doe, Jo",4712,s2,,\n'
    )
    results = [
        handed_in("ada_4711_9_a.ipynb", signed_in_as=id),
        handed_in("jo_4712_9_a.ipynb", signed_in_as="guest"),
    ]
    (ada, jo) = rows_of(results, read_roster(roster))
    assert [words for _, words in ada.human] == said
    assert jo.human == []


@pytest.mark.parametrize(("id", "said"), [("s1", []), ("s2", []), ("s9", [OTHER.format("s9")])])
def test_who_could_be_several_of_the_roster_may_have_any_of_their_ids(id, said, tmp_path):
    (tmp_path / "roster.csv").write_text(
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
        "#s1,#al,Lee,Ann,,#\n#s2,#la,Ann,Lee,,#\n#s3,#bo,Li,Bo,,#\n"
    )
    places = {"1-2 - Ann Lee - Oct 10, 2025 1022 AM": id, "3-2 - Bo Li - Oct 10, 2025 1022 AM": "s3"}
    results = [
        handed_in(f"{folder}/03.ipynb", signed_in_as=signed_in) for folder, signed_in in places.items()
    ]
    (ann, _) = rows_of(results, read_roster(tmp_path / "roster.csv"))
    assert [words for _, words in ann.human] == said


MARK = "The notebooks sign in as s20, and the student is called so only by what the file's name has beside"
LESSON = "03_graphs_and_the_chain_rule"


def said_of_files(files: dict[str, str], roster=None) -> dict[str, list[str]]:
    """Say of each student what a human is told, where all lie in one folder and sign in with these ids."""
    results = []
    for name, id in files.items():
        path = f"{name}.ipynb"
        results.append(replace(handed_in(path, signed_in_as=id), student=owner_in_path(path).label))
    return {row.student: [words for _, words in row.human] for row in rows_of(results, roster) if row.human}


@pytest.mark.parametrize("word", ["Duplikaatti", "Ada", "zz zz"])
def test_a_word_beside_a_lessons_name_that_signs_in_is_said_where_the_others_are_known_by_ids(word):
    others = {f"{LESSON} ({n})": f"s{n}" for n in range(1, 4)}
    ((who, (words,)),) = said_of_files(others | {f"{word} {LESSON}": "s20"}).items()
    assert (who, words[: len(MARK)]) == (word, MARK)
    assert said_of_files(others | {f"{word} {LESSON}": "guest"}) == {}


def test_where_a_class_writes_names_before_the_lessons_they_are_names():
    assert said_of_files({f"{who} {LESSON}": id for who, id in (("Ada", "s1"), ("Bob", "s2"))}) == {}


@pytest.mark.parametrize(("word", "said"), [("Duplikaatti", True), ("Ada Smith", False), ("s20", False)])
def test_a_word_beside_a_lessons_name_is_said_where_the_roster_knows_the_id_alone(word, said, tmp_path):
    (tmp_path / "roster.csv").write_text("ID number,First name,Last name\ns20,Ada,Smith\ns21,Bo,Li\n")
    roster = read_roster(tmp_path / "roster.csv")
    others = {"Bo Li " + LESSON: "xy", "Bo_Li_05_duck_goose_forward": "xy"}
    found = said_of_files(others | {f"{word} {LESSON}": "s20"}, roster)
    assert [words[: len(MARK)] for words in found.get(word, [])] == [MARK] * said


def test_a_notebook_beside_the_folders_is_given_to_nobody_who_has_a_folder():
    results = [
        handed_in("S1/03.ipynb", signed_in_as="s1"),
        handed_in("03_graphs.ipynb", signed_in_as="s1"),
        handed_in("05_duck.ipynb", {"encode": 3.0}, signed_in_as="s2"),
    ]
    rows = rows_of(results, with_place={folded(owner_in_path("S1/03.ipynb").label)})
    assert [row.student for row in rows] == ["03_graphs.ipynb", "S1", "s2"]
    aside, own, alone = rows
    assert not aside.named
    assert "signs in as s1, who has handed in under their own name" in aside.human[0][1]
    assert (own.human, alone.human) == ([], [])


def test_a_notebook_that_signs_in_as_nobody_of_the_folders_is_whom_it_says():
    assert [row.student for row in rows_of([Graded("k", "03_graphs.ipynb", "", "s1")])] == ["s1"]


@pytest.mark.parametrize("other", ["jose\u0301", "Jos\u00e9", " jos\u00e9"])
def test_two_names_that_are_read_as_one_are_said(other):
    said = said_of(("jos\u00e9", "guest"), (other, "guest"), ("ada", "guest"))
    assert [*said] == [other]
    assert "jos\u00e9 is read as the same name, and has a row of its own" in said[other][0]
