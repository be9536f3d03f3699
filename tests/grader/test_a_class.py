"""A whole class from the command line: what goes in, what comes out, and that nothing is lost."""

import csv
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from lecture_grader import Graded, Unreadable, find_submissions
from lecture_grader.__main__ import main
from lecture_grader.handed_in import owner_in_path
from lecture_grader.store import NotOurs, opened
from tests.grader.kit import ALL, ROOT, Solved, notebook_of, processes_below, put_no_file

COMMAND = [sys.executable, "-m", "lecture_grader"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}

needs_sandbox = pytest.mark.usefixtures("sandbox")


def run(*given: object, check: int | None = 0, **more) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *(str(one) for one in given)]
    ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, **more)
    assert check is None or ran.returncode == check, ran.stdout + ran.stderr
    return ran


def gradebook(results: Path) -> dict[str, dict[str, str]]:
    with (results / "gradebook.csv").open(newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def make_class(folder: Path, students: int) -> Path:
    """Make a folder per student with lesson 03 in it, solved, each with a comment of its own."""
    notebook = notebook_of("solutions", "03")
    for number in range(students):
        own = Solved(notebook)
        own.cells[1]["source"] = f"import lecture_lib as ll\nll.student('s{number}')"
        own.cells[1]["cell_type"] = "code"
        place = folder / f"s{number}"
        place.mkdir(parents=True)
        (place / "03_graphs.ipynb").write_bytes(own.bytes())
    return folder


# ------------------------------------------------------------------ what comes out


@needs_sandbox
def test_the_notebooks_that_are_counted_are_graded_known_or_the_same_as_another(tmp_path):
    folder, results = make_class(tmp_path / "class", 2), tmp_path / "results"
    for who in ("c2", "c3"):
        shutil.copytree(folder / "s1", folder / who)
    ran = run("run", folder, "-o", results, "--quiet", "--workers", 1, check=1)
    assert re.search(
        r"^4 notebooks of 4 students: 2 graded \(.*\), 0 known from before, 2 the same as another\.$",
        ran.stdout,
        re.MULTILINE,
    )


@needs_sandbox
def test_who_hands_in_together_has_the_same_points_and_one_of_them_may_sign_in(tmp_path):
    folder, results = make_class(tmp_path / "class", 1), tmp_path / "results"
    (folder / "s0").rename(folder / "submission_1")
    submitters = "".join(f"  - :name: {who}\n    :sid: {who}\n" for who in ("s0", "b2"))
    listed = f"---\nsubmission_1:\n  :submitters:\n{submitters}  :score: 0.0\n"
    (folder / "submission_metadata.yml").write_text(listed)
    ran = run("run", folder, "-o", results, "--quiet", "--workers", 1)
    assert "1 notebook of 2 students: 1 graded" in ran.stdout
    ran = run("run", folder, "-o", results, "--quiet", "--workers", 1)
    assert "1 notebook of 2 students: 0 graded" in ran.stdout
    assert "1 known from before" in ran.stdout
    assert "2 students handed in 1 notebook." in (results / "report.html").read_text()
    rows = gradebook(results)
    assert {who: (row["total"], row["signed_in_as"]) for who, row in rows.items()} == {
        "s0": (ALL, "s0"),
        "b2": (ALL, ""),
    }
    assert len([*(results / "feedback").glob("*.html")]) == 2


@needs_sandbox
def test_a_class_is_graded_and_a_second_run_grades_only_what_changed(tmp_path):
    folder, results = make_class(tmp_path / "class", 4), tmp_path / "results"
    (folder / "s9").mkdir()
    (folder / "s9" / "blank.ipynb").write_text(json.dumps(notebook_of("notebooks", "05")))
    (folder / "=cmd()").mkdir()
    (folder / "s8").mkdir()
    (folder / "s8" / "03.pdf").write_text("%PDF")
    (folder / "=cmd()" / "broken.ipynb").write_text('{"cells": [')
    ran = run("run", folder, "-o", results, "--workers", 2, "--seed", "one", check=1)
    assert "6 notebooks of 6 students: 6 graded" in ran.stdout
    assert "damaged or cut short" in ran.stdout
    assert "s8: There is no notebook" in ran.stdout
    assert "damaged or cut short" in (results / "report.html").read_text(encoding="utf-8")
    book = gradebook(results)
    assert book["s0"]["total"] == book["s3"]["lesson_03"] == ALL
    assert book["s9"]["lesson_05"] == "0"
    assert book["s9"]["lesson_03"] == ""
    assert book["s9"]["fan_out"] == ""
    assert "damaged or cut short" in book["'=cmd()"]["remarks"]
    written = [path for path in results.rglob("*.*") if path.suffix in (".csv", ".html")]
    assert len(written) == 6 + 6
    before = {path: path.read_bytes() for path in written}

    again = run("run", folder, "-o", results, "--workers", 2, check=1)
    assert "0 graded" in again.stdout
    assert {path: path.read_bytes() for path in written} == before

    changed = Solved(notebook_of("solutions", "03")).write("fan_out", "def fan_out(x):\n    return x")
    (folder / "s0" / "03_graphs.ipynb").write_bytes(changed.bytes())
    third = run("run", folder, "-o", results, "--workers", 1, check=1)
    assert "1 graded" in third.stdout
    assert gradebook(results)["s0"]["total"] == "10"
    (page,) = (results / "feedback").glob("s0-*.html")
    assert "<p>Your cell:</p><pre>    1  def fan_out(x):" in page.read_text(encoding="utf-8")
    other_inputs = run("run", folder, "-o", results, "--workers", 1, "--seed", "two", check=1)
    assert "6 graded" in other_inputs.stdout


@needs_sandbox
def test_a_roster_can_be_given_when_all_is_graded_and_the_file_for_its_system_is_filled(tmp_path):
    folder, results = make_class(tmp_path / "class", 2), tmp_path / "results"
    first = run("run", folder, "-o", results, "--workers", 1)
    assert "For Canvas to import" in first.stdout
    assert "For Moodle to import" in first.stdout
    roster = tmp_path / "roster.csv"
    roster.write_text('Student,ID,SIS User ID,SIS Login ID,Section\n"Smith, Ada",4711,,s0,\n')
    second = run("run", folder, "-o", results, "--workers", 1, "--roster", roster, check=1)
    assert "0 graded" in second.stdout
    assert "s1: Not in gradebook_canvas.csv." in second.stdout
    imported = (results / "gradebook_canvas.csv").read_text(encoding="utf-8")
    assert imported.splitlines()[2] == f'"Smith, Ada",4711,,s0,,{ALL}'
    assert not (results / "gradebook_moodle.csv").exists()
    roster.write_text("name\nAda\n")
    assert "not a list of students" in run("run", folder, "-o", results, "--roster", roster, check=2).stderr


@needs_sandbox
def test_nothing_lives_on_when_the_judge_is_killed(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    endless = Solved(notebook_of("solutions", "03")).insert("neuron_forward", "while True: pass")
    (folder / "s1.ipynb").write_bytes(endless.bytes())
    process = subprocess.Popen(
        [*COMMAND, "run", str(folder), "-o", str(tmp_path / "results"), "--cell-seconds", "300", "--quiet"],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    mark = f"lecture_grader{os.sep}inside{os.sep}server.py"
    try:
        assert wait_for(lambda: len(running(mark, process.pid)) >= 2)
        mine = running("", process.pid)
    finally:
        process.kill()
        process.wait()
    assert wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in mine))


def running(mark: str, root: int) -> list[int]:
    """List the processes below `root` whose command line has this mark."""
    found = []
    below = processes_below
    for pid in below(root):
        try:
            if mark.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found


def wait_for(condition) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_line_that_was_cut_short_is_dropped(tmp_path):
    with opened(tmp_path) as store:
        store.add([Graded("a", "1"), Graded("b", "2"), Graded("", "3")])
    path = tmp_path / "results.jsonl"
    sound = path.read_bytes()
    path.write_bytes(sound + b'{"key":"c","n"')
    with opened(tmp_path) as store:
        assert set(store.places) == {"a", "b"}
        assert path.read_bytes() == sound
        store.add([Graded("c", "4")])
        assert store.get("b") == Graded("b", "2")
        assert store.get("c") == Graded("c", "4")


def test_a_result_that_was_damaged_at_any_byte_is_not_believed(tmp_path):
    path, kept = tmp_path / "results.jsonl", [Graded("a", "1", notes=("4",)), Graded("b", "2")]
    with opened(tmp_path) as store:
        store.add(kept)
    sound = path.read_bytes()
    first = sound.index(b"\n")
    for place in range(len(sound)):
        other = bytes([sound[place] ^ 1])
        path.write_bytes(sound[:place] + other + sound[place + 1 :])
        with opened(tmp_path) as store:
            believed = [store.get(key) for key in store.places]
        assert believed == ([] if place == first else kept[1:] if place < first else kept[:1]), place


def test_a_result_of_no_use_is_not_believed(tmp_path):
    (tmp_path / "results.jsonl").write_bytes(b"[" * 100_000 + b"\n" + b'{"key":1}\n')
    with opened(tmp_path) as store:
        assert not store.places


def test_a_seed_that_others_could_read_is_closed_to_them(tmp_path):
    (tmp_path / "run.json").write_text('{"seed": "s"}\n')
    (tmp_path / "run.json").chmod(0o644)
    with opened(tmp_path) as store:
        assert store.seed(None) == "s"
    assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o600


@needs_sandbox
@pytest.mark.parametrize(
    ("place", "words"),
    [
        (["--size", "8192", "--tmpfs"], "No space left on device"),
        (["--ro-bind"], "Read-only file system"),
    ],
    ids=["full", "read-only"],
)
def test_a_disk_that_is_full_or_read_only_ends_the_run_in_words(place, words, tmp_path):
    folder, results = make_class(tmp_path / "class", 4), tmp_path / "results"
    results.mkdir()
    there = [results, results] if place == ["--ro-bind"] else [results]
    around = ["bwrap", "--unshare-user", "--dev-bind", "/", "/", *place, *map(str, there), "--"]
    command = [*around, *COMMAND, "run", str(folder), "-o", str(results), "--workers", "1", "--quiet"]
    ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert ran.returncode == 7, ran.stdout + ran.stderr
    assert f"The run cannot go on. {words}: {results}" in ran.stderr
    assert "Traceback" not in ran.stderr


@needs_sandbox
@pytest.mark.parametrize("streams", ["2>&-", "<&- >&- 2>&-", "2>/dev/full", "2>&1 | true"])
def test_that_nobody_hears_how_far_it_is_keeps_nothing_from_being_graded(streams, tmp_path):
    folder, results, code = make_class(tmp_path / "class", 1), tmp_path / "results", tmp_path / "code"
    script = '{ "$@"; echo $? > "$0"; } ' + streams
    command = [
        "sh",
        "-c",
        script,
        str(code),
        *COMMAND,
        "run",
        str(folder),
        "-o",
        str(results),
        "--workers",
        "1",
    ]
    subprocess.run(command, env=ENVIRONMENT, check=False)
    assert code.read_text() == "0\n"
    assert gradebook(results)["s0"]["total"] == ALL


@needs_sandbox
def test_a_name_in_letters_that_the_screen_lacks_is_said_in_others(tmp_path):
    make_class(tmp_path / "class", 1)
    (tmp_path / "class" / "日本").mkdir()
    (tmp_path / "class" / "日本" / "03_graphs.ipynb").write_text("{}")
    ran = subprocess.run(
        [*COMMAND, "run", str(tmp_path / "class"), "-o", str(tmp_path / "results"), "--quiet"],
        env=ENVIRONMENT | {"PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert r"\u65e5\u672c/03_graphs.ipynb: The file is JSON, but not a notebook" in ran.stdout


@needs_sandbox
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file here that is always full")
def test_what_is_said_may_find_no_room_and_the_results_are_there(tmp_path):
    folder, results = make_class(tmp_path / "class", 1), tmp_path / "class" / "results"
    with open("/dev/full", "w") as full:
        command = [*COMMAND, "run", str(folder), "-o", str(results), "--workers", "1", "--quiet"]
        ran = subprocess.run(
            command, env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.returncode == 7, ran.stderr
    assert (
        "What there is to say finds no room: No space left on device. What was to be written to files is"
        " written." in ran.stderr
    )
    assert "Traceback" not in ran.stderr
    again = run("run", folder, "-o", results, check=None)  # the results lie among what was handed in
    assert again.returncode == run("run", folder, "-o", results, check=None).returncode
    assert "results: There is no notebook" not in again.stdout
    assert "Note: Ignored: results. It is the folder of the results." in again.stderr


@needs_sandbox
@pytest.mark.parametrize(
    ("command", "encoding"),
    [("doctor", "utf-8"), ("compare {0} {0}", "ascii"), ("export students {0}/x.zip", "utf-8")],
)
def test_every_command_says_that_nobody_hears_it_and_does_its_work(command, encoding, tmp_path):
    (tmp_path / "item_statistics.csv").write_text("lesson,exercise,part,mistake,students,tried,count\n")
    command = [*COMMAND, *command.format(tmp_path).split()]
    given = {"env": ENVIRONMENT | {"PYTHONIOENCODING": encoding}, "stderr": subprocess.PIPE, "check": False}
    heard = subprocess.run(command, **given, stdout=subprocess.PIPE)
    with open("/dev/full", "w") as full:
        no_room = subprocess.run(command, **given, stdout=full)
    assert (no_room.returncode, heard.returncode) == (7, 0), no_room.stderr
    assert no_room.stderr.startswith(b"What there is to say finds no room: No space left on device.")
    assert b"Traceback" not in no_room.stderr
    reading, writing = os.pipe()
    os.close(reading)
    no_reader = subprocess.run(command, **given, stdout=writing)
    os.close(writing)
    assert (no_reader.returncode, no_reader.stderr) == (0, b"")
    assert "export" not in command or (tmp_path / "x.zip").exists()


@needs_sandbox
@pytest.mark.parametrize("lost", ["stdout", "stderr"])
def test_a_class_is_graded_though_nobody_reads_what_is_said_of_it(lost, tmp_path):
    folder = make_class(tmp_path / "class", 1)
    (folder / "s1").mkdir()
    (tmp_path / "class.toml").write_text("leave_out = ['02']")
    reading, writing = os.pipe()
    os.close(reading)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, lost: writing}

    def exit_code() -> int:
        command = [*COMMAND, "run", str(folder), "-o", str(tmp_path / "results"), "--workers", "1", "--quiet"]
        return subprocess.run(command, env=ENVIRONMENT, text=True, check=False, **streams).returncode

    assert exit_code() == 1  # s1 has handed in nothing, and the class has been gone through
    assert list(gradebook(tmp_path / "results")) == ["s0"]
    (folder / "s1").rmdir()
    assert exit_code() == 0
    os.close(writing)


@needs_sandbox
def test_a_class_file_among_what_was_handed_in_needs_a_human(tmp_path):
    folder = make_class(tmp_path / "class", 2)
    (folder / "class.toml").write_text("leave_out = ['03']")
    ran = run("run", folder, "-o", tmp_path / "results", "--workers", "1", check=1)
    assert (
        f"class.toml: Nothing in it is applied: it lies in {folder}, and counts only beside it" in ran.stdout
    )
    assert "Ignored: class.toml" not in ran.stderr
    assert "lesson_03" in (tmp_path / "results" / "gradebook.csv").read_text()
    given = run("run", folder, "-o", tmp_path / "results", "--class", folder / "class.toml", "--workers", "1")
    assert f"What you decided about the class: {folder / 'class.toml'}" in given.stdout


def test_a_folder_of_zips_alone_is_told_what_to_do(tmp_path):
    (tmp_path / "class").mkdir()
    for name in ("lab1.zip", "lab2.zip"):
        (tmp_path / "class" / name).write_bytes(b"PK")
    ran = CliRunner().invoke(main, ["run", str(tmp_path / "class"), "-o", str(tmp_path / "results")])
    assert ran.exit_code == 4
    assert "Give the zip itself in place of the folder; several, one after the other" in ran.output
    assert "Or unpack each into a folder of its own." in ran.output
    (tmp_path / "empty").mkdir()
    ran = CliRunner().invoke(main, ["run", str(tmp_path / "empty"), "-o", str(tmp_path / "results")])
    assert (ran.exit_code, "Give the zip itself" in ran.output) == (4, False)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("results.jsonl", "link to /dev/full"),
        ("run.json", "pipe"),
        (".lock", "link to /nowhere/at/all"),
        ("gradebook.csv", "link to /dev/zero"),
    ],
)
def test_results_that_are_no_regular_files_are_refused_before_anything_is_graded(name, what, tmp_path):
    folder, place = make_class(tmp_path / "class", 1), tmp_path / "results" / name
    place.parent.mkdir()
    put_no_file(place, what)
    ran = run("run", folder, "-o", place.parent, "--quiet", check=7)
    assert f"The run cannot go on. This is no regular file: {place}." in ran.stderr
    assert "Nothing was graded." in ran.stderr
    assert os.listdir(place.parent) == [name]


@pytest.mark.parametrize(
    ("name", "what", "words"),
    [
        ("x" * 300, "", "File name too long"),
        ("results", "link to results", "Something that is no folder has this name"),
        ("results", "link to nowhere", "Something that is no folder has this name"),
    ],
)
def test_a_folder_of_results_that_cannot_be_is_refused_in_words(name, what, words, tmp_path):
    folder, place = make_class(tmp_path / "class", 1), tmp_path / name
    if what:
        put_no_file(place, what)
    ran = run("run", folder, "-o", place, "--quiet", check=7)
    assert f"The run cannot go on. {words}: {place}.\nNothing was graded." in ran.stderr


def test_where_feedback_is_no_folder_it_is_said(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "feedback").write_text("mine")
    ran = run("run", make_class(tmp_path / "class", 1), "-o", tmp_path / "results", "--quiet", check=7)
    assert f"Something that is no folder has this name: {tmp_path / 'results' / 'feedback'}." in ran.stderr


def test_a_zip_that_was_damaged_is_refused_with_its_name(tmp_path):
    made, place = tmp_path / "made.zip", tmp_path / "class.zip"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("ä/03_graphs_and_the_chain_rule.ipynb", "{}")
    whole = made.read_bytes()
    no_name = whole.replace("ä".encode(), b"\xff\xff")
    names = whole.rindex(b"PK\x01\x02")
    for damaged in (whole[:-1], whole[:names], b"", whole[: names + 30] + whole[names + 31 :], no_name):
        place.write_bytes(damaged)
        ran = CliRunner().invoke(main, ["run", str(place), "-o", str(tmp_path / "results")])
        assert ran.exit_code == 2
        assert f"{place} cannot be read as a zip: " in ran.output
        assert "It may be damaged or cut short: download it again." in ran.output


@pytest.mark.parametrize("what", ["pipe", "link to /dev/zero"])
def test_submissions_that_are_no_regular_file_are_refused(what, tmp_path):
    put_no_file(tmp_path / "class.zip", what)
    ran = run("run", tmp_path / "class.zip", "-o", tmp_path / "results", check=2)
    pipe = "is a pipe that may have no end. Give a file."
    words = pipe if what == "pipe" else "is neither a folder, nor a zip, nor a notebook"
    assert words in " ".join(ran.stderr.split())


@pytest.mark.parametrize("what", ["pipe", "link to /dev/null"])
def test_an_export_puts_no_file_in_the_place_of_a_device(what, tmp_path):
    place = tmp_path / "made.zip"
    put_no_file(place, what)
    ran = run("export", "gradescope", place, "--lesson", "03", check=7)
    assert f"This is no regular file: {place}." in ran.stderr
    assert os.listdir(tmp_path) == ["made.zip"]
    assert not place.is_file()


@pytest.mark.parametrize(
    "command", [("students", "x.zip"), ("nbgrader", "x", "--lesson", "03"), ("gradescope", "x.zip")]
)
def test_where_an_export_cannot_be_written_it_is_said(command):
    kind, name, *more = command
    ran = run("export", kind, f"/proc/nothing/{name}", *more, check=7)
    assert "No such file or directory: /proc/nothing" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["run", "", "-o", "r"],
        ["run", ".", "-o", ""],
        ["run", ".", "-o", "r", "--seed", ""],
        ["run", ".", "-o", "r", "--roster", ""],
        ["run", ".", "-o", "r", "--class", ""],
        ["compare", "", "."],
        ["export", "students", ""],
        ["export", "nbgrader", ""],
        ["export", "nbgrader", "c", "--assignment", ""],
        ["export", "nbgrader", "c", "--lesson", "03", "--lesson", ""],
        ["export", "gradescope", "g.zip", "--seed", ""],
        ["export", "gradescope", "g.zip", "--lesson", " "],
    ],
    ids=" ".join,
)
def test_what_is_given_empty_is_refused(command, tmp_path, monkeypatch):
    """As a shell makes it of a variable that is not set."""
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(main, command)
    assert ran.exit_code == 2
    assert "it is empty. Give " in ran.output
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("option", ["--roster", "--class"])
def test_a_pipe_without_an_end_is_refused_and_one_of_the_shells_is_read(option, tmp_path):
    folder, pipe = make_class(tmp_path / "class", 1), tmp_path / "pipe"
    put_no_file(pipe, "pipe")
    ran = run("run", folder, "-o", tmp_path / "results", option, pipe, check=2)
    assert "is a pipe that may have no end. Give a file." in " ".join(ran.stderr.split())
    shell = f'exec "$@" {option} <(echo hello)'
    command = ["bash", "-c", shell, "", *COMMAND, "run", str(folder), "-o", str(tmp_path / "results")]
    ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "hello" in ran.stderr


@pytest.mark.parametrize("option", ["--cell-seconds", "--call-seconds", "--submission-seconds"])
@pytest.mark.parametrize("seconds", ["nan", "-nan", "inf", "-1"])
def test_what_is_no_number_of_seconds_is_refused(option, seconds, tmp_path):
    ran = CliRunner().invoke(main, ["run", str(tmp_path), "-o", str(tmp_path / "r"), option, seconds])
    assert ran.exit_code == 2
    assert option in ran.output
    assert f"{seconds.removeprefix('-') if 'nan' in seconds else float(seconds)} is " in ran.output


@pytest.mark.parametrize("command", ["run . -o r", "export nbgrader x", "export gradescope x.zip"])
def test_a_seed_that_cannot_be_written_down_is_refused(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(main, [*command.split(), "--seed", "\udc80x"])
    assert ran.exit_code == 2
    assert "it is not written in UTF-8" in ran.output
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("text", ["[]", '{"seed": "\\udc80x"}', "[" * 100_000], ids=["list", "half", "deep"])
def test_where_the_seed_cannot_be_read_one_can_be_given(text, tmp_path):
    (tmp_path / "run.json").write_text(text)
    with opened(tmp_path) as store:
        with pytest.raises(NotOurs, match="or --seed"):
            store.seed(None)
        assert store.seed("another") == "another"
        assert store.seed(None) == "another"


def test_a_second_run_on_the_same_results_is_refused(tmp_path):
    folder = make_class(tmp_path / "class", 1)
    with opened(tmp_path / "results"):
        ran = run("run", folder, "-o", tmp_path / "results", check=5)
    assert "Another run is at work" in ran.stderr


def test_without_a_sandbox_nothing_is_run_unless_one_insists(tmp_path):
    folder = make_class(tmp_path / "class", 1)
    empty = ENVIRONMENT | {"PATH": str(tmp_path)}
    command = [*COMMAND, "run", str(folder), "-o", str(tmp_path / "results"), "--quiet"]
    refused = subprocess.run(command, env=empty, capture_output=True, text=True, check=False)
    assert refused.returncode == 3
    assert "bubblewrap is not installed" in refused.stderr
    assert not (tmp_path / "results" / "gradebook.csv").exists()
    insisted = subprocess.run(
        [*command, "--unsafe-no-sandbox"], env=empty, capture_output=True, text=True, check=False
    )
    assert insisted.returncode == 0, insisted.stderr
    row = gradebook(tmp_path / "results")["s0"]
    assert row["total"] == ALL
    assert "graded without a sandbox" in row["remarks"]


@needs_sandbox
def test_the_doctor_says_what_it_found_and_tries_to_break_out():
    ran = run("doctor")
    assert "NOT OK" not in ran.stdout
    assert "no network: the attempt failed (PermissionError" in ran.stdout
    assert ran.stdout.endswith("Submissions can be graded safely here.\n")


def test_the_doctor_says_what_to_install(tmp_path):
    command = [*COMMAND, "doctor"]
    ran = subprocess.run(
        command, env=ENVIRONMENT | {"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 3
    assert "apt install bubblewrap" in ran.stdout


def test_help_says_how_to_begin_and_what_the_exit_codes_mean():
    began = run("--help").stdout
    assert "\n  First:     lecture-grader doctor\n  Then:      lecture-grader run" in began
    assert "..." not in began.partition("Commands:")[2]  # no command's line is cut off
    shown = run("run", "--help").stdout
    assert "\\b" not in began + shown
    assert "Exit codes" in shown
    assert "goes on where it was" in shown


# ------------------------------------------------------------------ what goes in


def test_a_folder_without_notebooks_is_said_to_have_none(tmp_path):
    assert "no notebook" in run("run", tmp_path, "-o", tmp_path / "results", check=4).stderr


def test_a_folder_of_notebooks_is_not_taken_for_the_results(tmp_path):
    (tmp_path / "s1").mkdir()
    (tmp_path / "s1" / "03_graphs.ipynb").write_text("{}")
    ran = run("run", tmp_path, "-o", tmp_path, check=2)
    assert "holds notebooks, and no results of an earlier run. Give -o a folder of its own" in " ".join(
        ran.stderr.split()
    )
    assert [path.name for path in tmp_path.iterdir()] == ["s1"]


def test_links_and_what_is_no_file_are_not_opened(tmp_path):
    real = tmp_path / "elsewhere" / "secret.ipynb"
    real.parent.mkdir()
    real.write_text("{}")
    folder = tmp_path / "class"
    (folder / "s1").mkdir(parents=True)
    (folder / "s1" / "a.ipynb").symlink_to(real)
    (folder / "s2").symlink_to(real.parent)
    os.mkfifo(folder / "s1" / "b.ipynb")
    (folder / "s1" / "c.ipynb").write_text("{}")
    handed = find_submissions(folder)
    assert [one.name for one in handed.submissions] == ["s1/c.ipynb"]
    assert sorted(name for name, _ in handed.passed_over) == ["s1/a.ipynb", "s1/b.ipynb", "s2"]


def test_a_zip_is_read_where_it_lies_and_its_paths_lead_nowhere(tmp_path):
    path = tmp_path / "handed.zip"
    content = json.dumps(notebook_of("solutions", "03")).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name in (
            "Ada Smith_71_assignsubmission_file_/03.ipynb",
            "../../outside/03.ipynb",
            "/etc/03.ipynb",
            "C:\\windows\\03.ipynb",
            "__MACOSX/._03.ipynb",
            "s2/.ipynb_checkpoints/03.ipynb",
            "s3/report.pdf",
        ):
            archive.writestr(name, content)
        link = zipfile.ZipInfo("s4/03.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    handed = find_submissions(path)
    students = sorted(one.student for one in handed.submissions)
    assert students == ["Ada Smith_71"]
    assert all(one.read() == content for one in handed.submissions)
    assert ("s4/03.ipynb", "In the zip it is a link, which was not opened.") in handed.passed_over
    assert any(name == "s3" and "no notebook" in words for name, words in handed.passed_over)
    assert sum("leads elsewhere" in words for _, words in handed.passed_over) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["handed.zip"]


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["class/s1/03.ipynb", "class/s2/03.ipynb"], ["s1", "s2"]),
        (["submissions/a_7_9_03.ipynb", "submissions/b_LATE_8_9_03.ipynb"], ["a_7", "b_8"]),
        (["s1/03.ipynb", "s1/05.ipynb"], ["s1", "s1"]),
        (["lesson 03/s1.ipynb", "lesson 03/s2.ipynb"], ["s1", "s2"]),
        (["s1/03.ipynb", "s1/other/05.ipynb"], ["s1", "s1"]),
        (["s1/03_graphs/03.ipynb", "s1/05_forward/05.ipynb"], ["s1", "s1"]),
        (["A_7_assignsubmission_file_/x/03.ipynb", "A_7_assignsubmission_file_/y/05.ipynb"], ["A_7", "A_7"]),
    ],
)
def test_a_folder_around_a_whole_class_is_nobody(tmp_path, names, students):
    path = tmp_path / "handed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    handed = find_submissions(path)
    assert [one.student for one in handed.submissions] == students
    assert len(handed.notes) == (names[0].split("/")[0] in ("class", "submissions"))


@pytest.mark.parametrize("zipped", [False, True])
def test_who_handed_in_no_notebook_is_named(tmp_path, zipped):
    names = {
        "s1/03.IPYNB": None,
        "s1/notes.txt": None,
        "s2/03.ipynb.txt": "s2",
        "s2/picture.png": "s2",
        "Ada_7_assignsubmission_onlinetext/onlinetext.html": "Ada_7",
        "Jo_8_assignsubmission_onlinetext/onlinetext.html": None,
        "Jo_8_assignsubmission_file/03.ipynb": None,
        "smithada_4711_99_03.pdf": "smithada_4711",
        "list.csv": None,
        "s3/.DS_Store": "s3",
    }
    folder, path = tmp_path / "class", tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    if not zipped:
        zipfile.ZipFile(path).extractall(folder)
    handed = find_submissions(path if zipped else folder)
    assert sorted(one.student for one in handed.submissions) == ["Jo_8", "s1"]
    assert sorted(name for name, _ in handed.passed_over) == sorted({who for who in names.values() if who})
    assert ("s2", "There is no notebook (.ipynb) among what was handed in: 03.ipynb.txt, picture.png.") in (
        handed.passed_over
    )


def test_a_zip_bomb_is_read_no_further_than_a_notebook_may_be_long(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("s1.ipynb", "w") as file:
        for _ in range(60):
            file.write(b" " * 1_000_000)
    (only,) = find_submissions(path).submissions
    with pytest.raises(Unreadable, match="60 MB; 50 MB are the most"):
        only.read()


def test_a_file_of_a_hundred_megabytes_is_refused_in_words(tmp_path):
    path = tmp_path / "s1.ipynb"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    (only,) = find_submissions(path).submissions
    with pytest.raises(Unreadable, match="clear the outputs"):
        only.read()


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("s1/03.ipynb", "s1"),
        ("s1/deeper/03.ipynb", "s1"),
        ("s1.ipynb", "s1"),
        ("03_graphs_and_the_chain_rule.ipynb", ""),
        ("03_graphs (1).ipynb", ""),
        ("03_graphs-Copy2.ipynb", ""),
        ("Ada Smith_71_assignsubmission_file_03_graphs.ipynb", "Ada Smith_71"),
        ("lesson 03/s1003.ipynb", "s1003"),
        ("Lesson_3/s1003/03_graphs.ipynb", "s1003"),
        ("lesson 03 - graphs/03_graphs.ipynb", ""),
        ("lesson 03/doejane_4711_99_a.ipynb", "doejane_4711"),
        ("s1003/lesson 03/a.ipynb", "s1003"),
        ("lesson.ipynb", "lesson"),
        ("anon_x7Gh2_99_03_graphs.ipynb", "anon_x7Gh2"),
        ("doejane_4711_99_03_graphs.ipynb", "doejane_4711"),
        ("doejane_LATE_4711_99_03_graphs.ipynb", "doejane_4711"),
    ],
)
def test_the_student_is_whom_the_path_names(name, student):
    assert owner_in_path(name).label == student


@needs_sandbox
def test_an_ordinary_user_can_grade(tmp_path):
    """As root, in a user namespace without any capability; as anybody else, as they are."""
    shed = ["bwrap", "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"]
    ordinary = [*shed, "--dev-bind", "/", "/", "--"] if os.getuid() == 0 else []
    folder, results = make_class(tmp_path / "class", 2), tmp_path / "results"
    commands = [["doctor"], ["run", str(folder), "-o", str(results), "--quiet"]]
    said = [
        subprocess.run(
            [*ordinary, *COMMAND, *command], env=ENVIRONMENT, capture_output=True, text=True, check=True
        ).stdout
        for command in commands
    ]
    assert "an ordinary user" in said[0]
    assert {row["total"] for row in gradebook(results).values()} == {ALL}
