"""What a run writes of its results: who is in it, who is not any more, and how long its lists may be."""

from pathlib import Path

from lecture_grader import Graded, Submission
from lecture_grader.handed_in import owner_in_path
from lecture_grader.outputs import Beside, read_course, read_roster, write_all
from lecture_grader.outputs.course import FILE
from lecture_grader.outputs.written import MOST_OF_ONE
from tests.grader.test_imports import handed_in, read_by_canvas


def write(folder: Path, *results: Graded, **beside):
    """Write what these results make, each a notebook of a folder."""
    made = {Submission(one.file, one.student, one.file): one for one in results}
    owned: dict[str, list[Submission]] = {}
    for submission in made:
        owned.setdefault(submission.student, []).append(submission)
    folder.mkdir(exist_ok=True)
    return write_all(folder, owned, made.__getitem__, "a seed", Beside(**beside))


def pages(folder: Path) -> list[str]:
    return sorted(path.name.partition("-")[0] for path in (folder / "feedback").iterdir())


def test_the_pages_of_students_who_are_gone_go_and_nothing_else(tmp_path):
    write(tmp_path, handed_in("s1/03.ipynb"), handed_in("s2/03.ipynb"))
    (tmp_path / "feedback" / "notes.html").write_text("mine")
    assert pages(tmp_path) == ["notes.html", "s1", "s2"]
    write(tmp_path, handed_in("s2/03.ipynb"))
    assert pages(tmp_path) == ["notes.html", "s2"]


def test_no_student_fills_the_list_of_what_needs_a_human(tmp_path):
    many = [Graded("", f"s1/{n}.ipynb", "s1", trouble=f"The file is empty ({n}).") for n in range(1900)]
    passed_over = [(f"s2/{n}.zip", "It may hold a notebook.") for n in range(500)]
    written = write(tmp_path, *many, handed_in("s3/03.ipynb"), passed_over=passed_over)
    troubled = [*written.troubled]
    assert len(troubled) == 2 * (MOST_OF_ONE + 1)
    assert ("s1", "There are 1,890 more things of theirs.") in troubled
    assert ("s2", "There are 490 more things of theirs.") in troubled


def test_a_class_graded_well_needs_nobody_and_what_was_left_aside_is_in_the_report(tmp_path):
    ten = Graded("k", "s2/10_real_text.ipynb", owner_in_path("s2/10_real_text.ipynb").label, "s2")
    guest = handed_in("s1/03.ipynb", signed_in_as="guest")
    written = write(tmp_path, guest, ten, ignored=[("s1/<data>.csv", "It is not a notebook.")])
    assert written.troubled == ()
    report = (tmp_path / "report.html").read_text()
    assert "s1/&lt;data&gt;.csv" in report
    assert "It is not a notebook." in report


def test_who_handed_in_what_gives_no_points_or_cannot_be_read_has_handed_in_a_notebook(tmp_path):
    everyone = "".join(f"s{n},N{n},M\n" for n in range(5))
    (tmp_path / "roster.csv").write_text(f"ID number,First name,Last name\n{everyone}")
    (tmp_path / FILE).write_text('leave_out = ["02"]\n')
    ten = Graded("k", "s1/10_real_text.ipynb", "s1", "s1")
    left_out = handed_in("s2/02.ipynb", {"softmax": 1.0})
    unreadable = Graded("", "s3/03.ipynb", "s3", trouble="The file is not a notebook.")
    handed = [handed_in("s0/03.ipynb"), ten, left_out, unreadable]
    beside = {"roster": read_roster(tmp_path / "roster.csv"), "course": read_course(tmp_path / FILE)}
    write(tmp_path / "results", *handed, **beside)
    said = (tmp_path / "results" / "report.html").read_text().partition('<section id="absent">')[2]
    assert [n for n in range(5) if f"N{n} M" in said.partition("</section>")[0]] == [4]


def test_an_anonymous_assignment_of_canvass_says_nobody_to_whom_points_could_go(tmp_path):
    files = [f"{late}anon_x7Gh{n}_9{n}_03_graphs.ipynb" for n, late in enumerate(["", "LATE_", ""])]
    written = write(tmp_path, *map(handed_in, [*files, "doejane_4711_99_03.ipynb"]))
    assert [path.name for path, what in written.files if "import" in what] == ["gradebook_canvas.csv"]
    read = read_by_canvas((tmp_path / "gradebook_canvas.csv").read_text())
    assert [student["ID"] for student in read["students"]] == ["4711"]
    left_out = {who: words for who, words in written.troubled if "Not in gradebook_canvas.csv" in words}
    assert [*left_out] == [f"anon_x7Gh{n}" for n in range(3)]
    assert all("has neither a name nor a number" in words for words in left_out.values())
