"""The files that Canvas and Moodle import, read by the rules by which these read them."""

import csv
import io
import re
import shutil
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_grader import Graded, GradedExercise, checks_version
from lecture_grader.grading import settings
from lecture_grader.handed_in import MOODLE, owner_in_path
from lecture_grader.outputs.filled import canvas_import, filled_import
from lecture_grader.outputs.gradebook import anonymous_csv, gradebook_csv, rows_of
from lecture_grader.outputs.matching import match
from lecture_grader.outputs.moodle import moodle_import
from lecture_grader.outputs.rosters import NotARoster, read_roster
from lecture_grader.outputs.written import gradebook_import
from lecture_grader.sandbox import GRADER, LIBRARY
from lecture_lib.exercises import PartResult, Verdict
from tests.grader.kit import ALL, FULL


def handed_in(file: str, points: dict[str, float] = FULL, signed_in_as: str = "", key: str = "") -> Graded:
    """Make what became of a notebook."""
    exercises = {
        id: GradedExercise(Verdict(id, "not yet", (PartResult("all of it", "not yet", earned, earned),)))
        for id, earned in points.items()
    }
    return Graded(key, file, owner_in_path(file).label, signed_in_as, exercises)


def rows(*files: str):
    return rows_of([handed_in(file) for file in files])


# ------------------------------------------------------------------ the importers' own rules


def read_by_canvas(text: str) -> dict:
    """Read a file as Canvas's importer does: head, points possible, then students by column."""
    head, *lines = csv.reader(io.StringIO(text))
    assert "Student" in head[0]
    assert "ID" in head[1]
    assert re.search(r"SIS\s+User\s+ID", head[2])
    assert re.search(r"SIS\s+Login\s+ID", head[3])
    last = 4
    while "Section" not in head[last]:
        assert head[last] in ("Integration ID", "Root Account")
        last += 1
    assert all(len(line) == len(head) for line in lines)
    possible = [line for line in lines if "Points Possible" in line[0]]
    students = [line for line in lines if line not in possible]
    return {
        "assignments": head[last + 1 :],
        "possible": [line[last + 1 :] for line in possible],
        "students": [dict(zip(head, line, strict=True)) for line in students],
    }


def read_by_moodles_assignment(text: str) -> dict[int, tuple[str, str]]:
    """Read a grading worksheet as Moodle does: participant -> grade and comment."""
    head, *lines = csv.reader(io.StringIO(text))
    place = {name: head.index(name) for name in ("Identifier", "Grade", "Last modified (grade)")}
    found = {}
    for line in lines:
        identifier = line[place["Identifier"]]
        assert identifier.startswith("Participant ")
        number = int(identifier[len("Participant ") :])
        assert number not in found
        found[number] = (line[place["Grade"]], line[head.index("Feedback comments")])
    return found


def read_by_moodles_gradebook(text: str, column: str, known: set[str]) -> dict[str, dict[str, str]]:
    """Read a file as Moodle's gradebook does: it stops where it does not know a student."""
    head, *lines = csv.reader(io.StringIO(text))
    found = {}
    for line in lines:
        user = line[head.index(column)]
        assert user in known, f"the whole import is stopped at {user}"
        found[user] = dict(zip(head, line, strict=True))
    return found


def cells(text: str):
    """Give every cell that a spreadsheet makes of a file, where commas separate and where semicolons do."""
    yield from (cell for line in csv.reader(io.StringIO(text)) for cell in line)
    yield from (cell.strip('"') for line in text.splitlines() for cell in line.split(";"))


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=30).filter(
    lambda name: name.strip() and name not in (".", "..")
)
nasty = st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "-2+3",
        "+7",
        "＝1",
        "a;=1",
        'x",=1',
        'O\'Neil, "Bo"',
        " =1",
        "\t=1",
        "Müller",
        "李雷",
        "a\nb",
    ]
)


# ------------------------------------------------------------------ every file


@given(st.lists(names | nasty, min_size=1, max_size=6, unique=True))
def test_no_name_becomes_a_formula_or_breaks_a_line(found):
    files = [
        *(f"{name}/03.ipynb" for name in found),
        *(f"{name}_7_assignsubmission_file_/3.ipynb" for name in found),
    ]
    book = rows(*files)
    for text in (
        gradebook_csv(book),
        canvas_import(book).text,
        moodle_import(book).text,
        anonymous_csv(book, "s"),
    ):
        width = len(next(csv.reader(io.StringIO(text))))
        assert all(len(line) == width for line in csv.reader(io.StringIO(text)))
        assert not [cell for cell in cells(text) if re.match(r"\s*[=+@＝＋－＠]|\s*-.", cell)]


@given(st.lists(names | nasty, min_size=1, max_size=6, unique=True))
def test_the_gradebook_gives_back_every_name_but_for_apostrophes(found):
    lines = list(csv.DictReader(io.StringIO(gradebook_csv(rows(*(f"{name}/03.ipynb" for name in found))))))

    def plain(text: str) -> str:
        return " ".join(text.split()).replace("'", "").replace("\\", "/")

    owners = {row.student for row in rows(*(f"{name}/03.ipynb" for name in found))}
    assert sorted(plain(line["student"]) for line in lines) == sorted(map(plain, owners))
    assert all(line["total"] == ALL for line in lines)


def read_by_php(line: str) -> list[str]:
    """Read a line as PHP does, for which a backslash takes a quote's meaning away and stays itself."""
    found, cell, quoted, place = [], "", False, 0
    while place < len(line):
        letter = line[place]
        if quoted and letter == "\\" and line[place + 1 : place + 2] == '"':
            cell, place = cell + '\\"', place + 1
        elif quoted and letter == '"' and line[place + 1 : place + 2] == '"':
            cell, place = cell + '"', place + 1
        elif letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            found, cell = [*found, cell], ""
        else:
            cell += letter
        place += 1
    return [*found, cell]


@given(st.lists(names | st.text('ab\\",9', min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_no_name_sets_a_grade_by_quotes_and_backslashes(found):
    book = rows(
        *(f"{' '.join(name.split())}_{n}_assignsubmission_file_/3.ipynb" for n, name in enumerate(found))
    )
    for line in moodle_import(book).text.splitlines()[1:]:
        assert read_by_php(line)[2:4] == [ALL, ALL]


def test_the_tests_php_is_taken_in_by_a_backslash():
    assert read_by_php('"a\\"",99,"",14')[1] == "99"


# ------------------------------------------------------------------ Canvas


def test_canvas_finds_the_students_of_its_own_download_by_its_numbers():
    made = canvas_import(rows("smithada_4711_99_graphs.ipynb", "doejo_LATE_4712_98_graphs-1.ipynb"))
    read = read_by_canvas(made.text)
    assert read["assignments"] == ["Lesson 03"]
    assert read["possible"] == [[ALL]]
    assert {student["ID"]: student["Lesson 03"] for student in read["students"]} == {
        "4711": ALL,
        "4712": ALL,
    }


def test_canvas_finds_other_students_by_their_login():
    (student,) = read_by_canvas(canvas_import(rows("s1234/03.ipynb")).text)["students"]
    assert (student["ID"], student["SIS Login ID"]) == ("", "s1234")


@given(st.sampled_from(["Points Possible", "    points possible", "a Points  Possible b", "POINTS POSSIBLE"]))
def test_no_student_sets_the_points_possible_by_their_name(name):
    read = read_by_canvas(canvas_import(rows(f"{name}/03.ipynb")).text)
    assert read["possible"] == [[ALL]]
    assert len(read["students"]) == 1


def test_a_lesson_that_was_not_handed_in_stays_blank_and_one_that_nobody_did_is_no_column():
    book = rows_of([handed_in("s1/03.ipynb"), handed_in("s2/05.ipynb", {"encode": 0.0})])
    points = dict.fromkeys(["s1", "s2"])
    made = canvas_import(book)
    assert "a blank cell takes away points" in made.notes[0]
    assert canvas_import(rows("s1/03.ipynb")).notes == ()
    read = read_by_canvas(made.text)
    for student in read["students"]:
        points[student["Student"]] = [student[name] for name in read["assignments"]]
    assert read["assignments"] == ["Lesson 03", "Lesson 05"]
    assert points == {"s1": [ALL, ""], "s2": ["", "0"]}


def test_two_rows_of_the_same_student_of_canvas_are_both_left_out():
    made = canvas_import(rows("smithada_4711_99_a.ipynb", "jonesada_4711_98_a.ipynb", "doejo_5_97_a.ipynb"))
    assert [student["ID"] for student in read_by_canvas(made.text)["students"]] == ["5"]
    assert sorted(who for who, _ in made.left_out) == ["jonesada_4711", "smithada_4711"]


CANVAS_EXPORT = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework (5),Lesson 3 (77),Lesson 3 Current Score,Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,10,28,(read only),(read only)
"Smith, Ada",4711,u-1,ada,Tuesday,9,,90,90
"Doe, Jo",4712,u-2,jo@example.org,Tuesday,8,3,80,80
"Doe, Jo",4713,u-3,jo3,Wednesday,7,,70,70
"Student, Test",4799,,abc,Tuesday,,,,
"""


@pytest.fixture
def canvas_roster(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text("\ufeff" + CANVAS_EXPORT, encoding="utf-8")
    return read_roster(path)


def test_a_roster_of_canvas_is_filled_by_number_id_and_lone_name(canvas_roster):
    book = rows("doejo_4712_98_a.ipynb", "U-3/03.ipynb", "Ada Smith/03.ipynb")
    made = filled_import(book, canvas_roster)
    read = read_by_canvas(made.text)
    assert match(book, canvas_roster).absent == []
    assert read["assignments"] == ["Lesson 3 (77)"]
    assert read["possible"] == [["28"]]
    found = {student["ID"]: student["Lesson 3 (77)"] for student in read["students"]}
    assert found == {"4711": "28", "4712": "28", "4713": "28"}  # ours, scaled to theirs
    assert made.left_out == ()
    assert [note for note in made.notes if "by name" in note] == [
        "Ada Smith was found in the roster by name: Smith, Ada."
    ]
    assert any("scaled to Canvas's 28" in note for note in made.notes)


def test_whoever_is_not_in_the_roster_or_could_be_two_is_named_and_gets_nothing(canvas_roster):
    made = filled_import(rows("Jo Doe/03.ipynb", "stranger/03.ipynb", "other_9_9_a.ipynb"), canvas_roster)
    assert read_by_canvas(made.text)["students"] == []
    said = dict(made.left_out)
    assert "could be 2 of its students" in said["Jo Doe"]
    assert "none of its students" in said["stranger"]
    assert "number 9" in said["other_9"]


@pytest.mark.parametrize(
    ("folder", "other"),
    [
        ("मीना", "मान"),
        ("กิม", "กุม"),
        ("مُحَمَّد", "محمد"),
        ("דָּוִד", "דוד"),
        ("Nguyễn Ánh", "Nguyên Anh"),
    ],
)
def test_a_name_is_another_where_only_its_vowel_signs_differ(folder, other, tmp_path):
    def roster(*names):
        lines = "".join(f"{n},{name}\n" for n, name in enumerate(names, 901))
        (tmp_path / "roster.csv").write_text(f"ID number,First name\n{lines}", encoding="utf-8")
        return read_roster(tmp_path / "roster.csv")

    for form in ("NFC", "NFD"):
        book = rows(f"{unicodedata.normalize(form, folder)}/03.ipynb")
        assert [row for row, _ in match(book, roster(other)).pairs] == []
        ((_, found),) = match(book, roster(other, folder)).pairs
        assert found.shown == folder


def test_a_name_with_a_capital_i_of_the_turks_is_found_in_small_letters(tmp_path):
    (tmp_path / "roster.csv").write_text("ID number,First name\n1,İpek\n", encoding="utf-8")
    assert len(match(rows("ipek/03.ipynb"), read_roster(tmp_path / "roster.csv")).pairs) == 1


def test_a_groups_name_before_a_students_number_of_canvass_is_said(canvas_roster):
    """Of a group's work Canvas's download has the group's name, and one member's number."""
    made = filled_import(rows("projectgroup1_4711_98_a.ipynb", "doejo_4712_97_a.ipynb"), canvas_roster)
    assert {student["ID"] for student in read_by_canvas(made.text)["students"]} == {"4711", "4712"}
    (said,) = [note for note in made.notes if "group" in note]
    assert "projectgroup1_4711 (Smith, Ada)" in said
    assert "doejo" not in said


def test_canvass_test_student_is_not_among_those_who_handed_in_nothing(canvas_roster):
    found = match(rows("smithada_4711_98_a.ipynb", "doejo_4712_98_a.ipynb"), canvas_roster)
    assert found.absent == ["Doe, Jo"]


def test_two_who_would_be_the_same_student_both_get_nothing(canvas_roster):
    made = filled_import(rows("ada/03.ipynb", "Ada Smith/03.ipynb"), canvas_roster)
    assert read_by_canvas(made.text)["students"] == []
    assert sorted(who for who, _ in made.left_out) == ["Ada Smith", "ada"]


def test_points_that_canvas_has_stay_where_a_lesson_was_not_handed_in(canvas_roster):
    book = rows_of([handed_in("ada/03.ipynb"), handed_in("jo@example.org/05.ipynb", {"encode": 1.0})])
    made = filled_import(book, canvas_roster)
    found = {s["ID"]: (s["Lesson 3 (77)"], s["Lesson 05"]) for s in read_by_canvas(made.text)["students"]}
    assert found == {"4711": ("28", ""), "4712": ("3", "1")}
    assert any('no assignment "Lesson 05"' in note for note in made.notes)


@pytest.mark.parametrize(
    ("possible", "points", "notes"),
    [
        ("1,000.00", "1000", 0),
        ("28", "28", 0),
        ("", "14", 0),
        ("1,000", "14", 1),
        ("0", "14", 1),
        ("n/a", "14", 1),
    ],
)
def test_points_possible_are_read_with_thousands_and_what_is_no_number_is_said(
    possible, points, notes, tmp_path
):
    export = CANVAS_EXPORT.replace(",10,28,", f',10,"{possible}",')
    (tmp_path / "canvas.csv").write_text(export)
    made = filled_import(rows("smithada_4711_98_a.ipynb"), read_roster(tmp_path / "canvas.csv"))
    assert read_by_canvas(made.text)["students"][0]["Lesson 3 (77)"] == points
    said = [note for note in made.notes if "are no number to which points can be scaled" in note]
    assert len(said) == notes
    assert all(f'"{possible}"' in note for note in said)


# ------------------------------------------------------------------ Moodle


MOODLE_DOWNLOAD = ["Ada Smith_71_assignsubmission_file_/03.ipynb", "李 雷_72_assignsubmission_file/03.ipynb"]


def test_moodles_assignment_finds_the_students_of_its_own_download():
    read = read_by_moodles_assignment(moodle_import(rows(*MOODLE_DOWNLOAD)).text)
    assert set(read) == {71, 72}
    grade, comment = read[71]
    first = FULL["neuron_forward"]
    assert grade == ALL
    assert comment.startswith(f"{ALL} of {ALL} points: neuron_forward {first:g} of {first:g}, ")


def test_a_notebook_without_a_participant_number_is_named():
    made = moodle_import(rows(*MOODLE_DOWNLOAD, "stray.ipynb"))
    assert set(read_by_moodles_assignment(made.text)) == {71, 72}
    assert [who for who, _ in made.left_out] == ["stray"]


WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 71,Ada Smith,ada@example.org,Submitted for grading - ,,100.00,Yes,"3 November 2025",-,
Participant 72,李 雷,li@example.org,Submitted for grading - ,"7,50",100.00,Yes,"3 November 2025",-,well
Participant 73,Jo Doe,jo@example.org,No submission - ,,100.00,Yes,-,-,
"""


@pytest.fixture
def worksheet(tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_text(WORKSHEET, encoding="utf-8")
    return read_roster(path)


def test_moodles_own_worksheet_is_filled_and_scaled_to_its_maximum(worksheet):
    half = handed_in(MOODLE_DOWNLOAD[0], {id: points / 2 for id, points in FULL.items()})
    book = rows_of([half, handed_in("jo@example.org/03.ipynb")])
    made = moodle_import(book, worksheet)
    read = read_by_moodles_assignment(made.text)
    assert {number: grade for number, (grade, _) in read.items()} == {71: "50", 73: "100"}
    assert made.text.splitlines()[0] == WORKSHEET.splitlines()[0]
    assert match(book, worksheet).absent == ["李 雷"]
    assert made.notes == (f"The lessons have {ALL} points; they are scaled to Moodle's 100.",)


def test_a_worksheet_in_which_no_maximum_is_read_is_filled_with_points_and_that_is_said(tmp_path):
    (tmp_path / "worksheet.csv").write_text(WORKSHEET.replace("Maximum Grade", "Greatest"), encoding="utf-8")
    made = moodle_import(rows(MOODLE_DOWNLOAD[0]), read_roster(tmp_path / "worksheet.csv"))
    assert read_by_moodles_assignment(made.text)[71][0] == ALL
    (said,) = made.notes
    assert said.startswith(
        f"The worksheet has no maximum grade that is known: its grades are of {ALL} points."
    )


def test_a_number_of_another_name_is_not_believed(worksheet):
    """In a group assignment the number in the folder's name is the group's."""
    made = moodle_import(rows("Group B_71_assignsubmission_file_/03.ipynb"), worksheet)
    assert read_by_moodles_assignment(made.text) == {}
    assert [who for who, _ in made.left_out] == ["Group B_71"]


@pytest.mark.parametrize("group", ["Group B", "2-b", "李", "Default group"])
def test_a_groups_work_is_each_members_as_moodle_names_them(worksheet, group):
    made = moodle_import(rows(*(f"{group}-{name}" for name in MOODLE_DOWNLOAD)), worksheet)
    assert set(read_by_moodles_assignment(made.text)) == {71, 72}
    wrong = moodle_import(rows(f"{group}-Jo Doe_71_assignsubmission_file_/03.ipynb"), worksheet)
    assert read_by_moodles_assignment(wrong.text) == {}


ABROAD = {
    "German": (
        'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert'
        ' werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"',
        "Teilnehmer/in",
    ),
    "French": (
        'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale","La note peut être'
        ' modifiée","Dernière modification (travail remis)","Dernière modification (note)"'
        ',"Feedback par commentaires"',
        "Participant",
    ),
    "Spanish": (
        'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,"Calificación máxima","La'
        ' calificación puede ser cambiada","Última modificación (entrega)","Última modificación'
        ' (calificación)","Comentarios de retroalimentación"',
        "Participante ",
    ),
    "Portuguese": (
        'Identificador,"Nome completo","Endereço de email",Status,Nota,"Nota máxima","Nota pode ser'
        ' alterada","Última modificação (envio)","Última modificação (nota)","Comentários de feedback"',
        "Participante",
    ),
    "Italian": (
        'Identificativo,"Nome completo","Indirizzo email",Stato,Valutazione,"Valutazione massima","La'
        ' valutazione può essere modificata","Ultima modifica (consegna)","Ultima modifica (valutazione)"'
        ",Commenti",
        "Partecipante",
    ),
    "Dutch": (
        'Identificatie,"Volledige naam",E-mailadres,Status,Cijfer,"Maximaal cijfer","Cijfer kan gewijzigd'
        ' worden","Laatst gewijzigd (inzending)","Laatst gewijzigd (beoordeling)",Feedback',
        "Deelnemer ",
    ),
    "Russian": (
        'Идентификатор,"Полное имя","Адрес электронной почты",Состояние,Оценка,"Максимальная оценка","Оценка'
        ' может быть изменена","Последнее изменение (ответ)","Последнее изменение (оценка)","Отзыв в виде'
        ' комментария"',
        "Участник",
    ),
    "Turkish": (
        'Tanımlayıcı,"Tam ad","E-posta adresi",Durum,Not,"Maksimum not","Not değiştirilebilir","Son düzenleme'
        ' (gönderim)","Son düzenleme (not)","Geri bildirim yorumları"',
        "Katılımcı ",
    ),
    "Polish": (
        'identyfikator,"Pełna nazwa","Adres e-mail",Status,Ocena,"Maksymalna ocena","Ocena może być'
        ' zmieniona","Ostatnia modyfikacja (przesłane rozwiązanie)","Ostatnia aktualizacja (ocena)"'
        ',"Komentarz zwrotny"',
        "Uczestnik",
    ),
    "Japanese": (
        "ID,フルネーム,メールアドレス,ステータス,評点,最大評点,評点変更可,最終更新日時 (提出)"
        ",最終更新日時 (評定),フィードバックコメント",
        "参加者",
    ),
    "Chinese": (
        "标识符,全名,电子邮件地址,状态,成绩,最高分,可以更改成绩,上次修改（提交）,上次修改（评分）,评语反馈",
        "参与者",
    ),
}


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("language", ABROAD)
def test_moodles_worksheet_in_another_language_is_filled_in_that_language(language, separator, tmp_path):
    """Moodle reads the columns, and the word before a number, only in the language of whoever uploads it."""
    head, participant = ABROAD[language]
    lines = [
        f'{participant}71,Ada Smith,ada@x.org,,,"1.000,00",,-,-,',
        f'{participant}72,李 雷,li@x.org,,"7,50","1.000,00",,-,-,',
        f'{participant}73,Jo Doe,jo@x.org,,,"1.000,00",,-,-,',
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(csv.reader([head, *lines]))
    (tmp_path / "worksheet.csv").write_text(out.getvalue(), encoding="utf-8-sig")
    made = moodle_import(rows(*MOODLE_DOWNLOAD), read_roster(tmp_path / "worksheet.csv"))
    assert made.left_out == ()
    columns, *filled = csv.reader(io.StringIO(made.text))
    assert [columns] == [*csv.reader([head])]
    assert [(line[0], line[4]) for line in filled] == [(f"{participant}{n}", "1000") for n in (71, 72)]
    assert all(line[-1].startswith(f"{ALL} of {ALL} points: ") for line in filled)


@pytest.mark.parametrize(
    "head",
    [
        "Vorname;Nachname;ID-Nummer;ID;E-Mail-Adresse;Aufgabe: Blatt 3 (Punkte)",
        "Prénom;Nom de famille;Numéro d'identification;Institution;Adresse de courriel;Devoir: TP 3 (Brut)",
        "Nombre;Apellido(s);Número de ID;Institución;Dirección de correo;Tarea 3 (Real)",
        "Nome;Sobrenome;Número de identificação;Instituição;Endereço de email;Tarefa 3 (Real)",
        "Imię;Nazwisko;Numer indeksu;Instytucja;Adres e-mail;Zadanie 3 (Punkty)",
        "名;姓;IDナンバー;所属組織;メールアドレス;課題 3 (実データ)",
    ],
)
def test_moodles_list_of_grades_in_another_language_finds_by_id_address_and_name(head, tmp_path):
    people = 'Ada;Müller;0042;;ada@x.org;"12,50"\nJo;Doe;0043;;jo@x.org;-\nBo;Li;0044;;bo@x.org;-\n'
    (tmp_path / "grades.csv").write_text(f"{head}\n{people}", encoding="utf-8")
    made = moodle_import(
        rows("0042/03.ipynb", "jo@x.org/03.ipynb", "Bo Li/03.ipynb"), read_roster(tmp_path / "grades.csv")
    )
    columns, *filled = csv.reader(io.StringIO(made.text))
    first, last, id, _, email, _ = head.split(";")
    assert columns[:4] == [first, last, id, email]
    assert sorted(line[2] for line in filled) == ["0042", "0043", "0044"]


def test_an_anonymous_assignment_has_numbers_alone(tmp_path):
    path = tmp_path / "worksheet.csv"
    path.write_text(
        "Identifier,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n"
        f"Participant 71,,,{ALL},-,\n"
    )
    made = moodle_import(rows("Participant_71_assignsubmission_file_/03.ipynb"), read_roster(path))
    assert read_by_moodles_assignment(made.text)[71][0] == ALL


def test_moodles_gradebook_gets_only_ids_that_it_knows(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text(
        "First name;Surname;ID number;Email address;Quiz\nAda;Smith;0042;ada@x.org;3\nJo;Doe;;jo@x.org;\n"
    )
    book = rows("0042/03.ipynb", "Jo Doe_9_assignsubmission_file_/03.ipynb", "nobody/03.ipynb")
    made = moodle_import(book, read_roster(path))
    read = read_by_moodles_gradebook(made.text, "Email address", {"ada@x.org", "jo@x.org"})
    assert {who: found[f"Lesson 03 ({ALL} points)"] for who, found in read.items()} == {
        "ada@x.org": ALL,
        "jo@x.org": ALL,
    }
    assert read["ada@x.org"]["ID number"] == "0042"
    assert [who for who, _ in made.left_out] == ["nobody"]


def test_a_login_is_found_by_what_stands_before_the_at_if_one_alone_has_it(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text(
        "First name,Surname,ID number,Email address\n"
        "Ada,Smith,1,s1234@x.org\nJo,Doe,2,jo@x.org\nJo,,3,jd@x.org\n"
    )
    made = moodle_import(rows("s1234/03.ipynb", "jo/03.ipynb"), read_roster(path))
    assert set(read_by_moodles_gradebook(made.text, "ID number", {"1"})) == {"1"}
    assert made.notes == ("s1234 was found in the roster by name: Ada Smith.",)
    assert [who for who, _ in made.left_out] == ["jo"]


@pytest.mark.parametrize(
    "folder",
    ["Smith_Ada_s12_34", "Smith, Ada(s12)", "Smith_Ada_s12", "Smith_Ada_s12@x.org", "Ada Smith (s12)"],
)
def test_a_folder_with_name_and_id_as_ilias_sakai_and_openolat_have_it_is_the_students(folder, tmp_path):
    head = "First name,Surname,ID number,Email address"
    (tmp_path / "grades.csv").write_text(f"{head}\nAda,Smith,s12,s12@x.org\nAda,Smith,s1,s1@x.org\n")
    book = rows(f"{folder}/03.ipynb", "Doe_Ada_s12/03.ipynb")
    made = moodle_import(book, read_roster(tmp_path / "grades.csv"))
    assert [line["ID number"] for line in csv.DictReader(io.StringIO(made.text))] == ["s12"]
    assert [who for who, _ in made.left_out] == ["Doe_Ada_s12"]


@pytest.mark.parametrize("folder", ["An N'Diaye 2", "an_ndiaye_2"])
def test_the_second_folder_of_a_name_is_not_taken_for_an_address_that_reads_alike(folder, tmp_path):
    people = "An,N'Diaye,1,an.ndiaye@x.org\nAn,N'Diaye,2,an.ndiaye2@x.org\n"
    (tmp_path / "grades.csv").write_text(f"First name,Last name,ID number,Email address\n{people}")
    roster = read_roster(tmp_path / "grades.csv")
    assert match(rows(f"{folder}/03.ipynb"), roster).pairs == []
    ((_, student),) = match(rows("an.ndiaye2/03.ipynb"), roster).pairs
    assert student.cells[2] == "2"


@pytest.mark.parametrize("listed", ["Smith, Ada Jr.", "Smith, Ada IV", "Ada Smith, PhD", "Smith, Ada"])
def test_what_canvas_puts_behind_the_given_name_stands_behind_the_family_name(listed, tmp_path):
    (tmp_path / "roster.csv").write_text(f'Student,ID,SIS Login ID,Section\n"{listed}",4711,s1,\n')
    roster = read_roster(tmp_path / "roster.csv")
    last, first = listed.split(", ")
    given, _, behind = first.partition(" ")
    own = listed if given == "PhD" else f"{given} {last} {behind}".strip()
    assert len(match(rows(f"{own}/03.ipynb"), roster).pairs) == 1
    assert match(rows("Ada Smith III/03.ipynb"), roster).pairs == []
    if given == "Ada":  # as ILIAS and Sakai have it: the family name, all of it, and then the given ones
        last = f"{last} {behind}".strip()
        folders = f"{last}_Ada_s1_567", f"{last}, Ada(s1)"
        assert [len(match(rows(f"{one}/03.ipynb"), roster).pairs) for one in folders] == [1, 1]


def test_moodle_is_never_given_a_student_without_an_id():
    """A line without one would go to the student of the line before."""
    book = rows_of(
        [
            handed_in("s1/03.ipynb"),
            handed_in("03_graphs.ipynb"),
            handed_in("03_other.ipynb", signed_in_as="guest"),
        ]
    )
    text = moodle_import(book).text
    read = read_by_moodles_gradebook(text, "ID number", {"s1"})
    assert read["s1"]["Lesson 03 feedback"].startswith(f"{ALL} of {ALL} points")
    said = [words for row in book for _, words in row.human]
    assert sum("Nothing says whose it is" in words for words in said) == 2


# ------------------------------------------------------------------ rosters


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_an_id_that_is_written_so_that_excel_keeps_its_zeros_is_that_id(quoting, tmp_path):
    out = io.StringIO()
    csv.writer(out, quoting=quoting).writerows(
        [["ID number", "First name", "Last name"], ['="0901"', "Ada", '=1+1&"x"']]
    )
    for text in (out.getvalue(), 'ID number,First name,Last name\n="0901",Ada,"=1+1&""x"""\n'):
        (tmp_path / "roster.csv").write_text(text)
        made = gradebook_import(MOODLE, rows("0901/03.ipynb"), read_roster(tmp_path / "roster.csv"))
        head, line = csv.reader(io.StringIO(made.text))
        assert dict(zip(head, line, strict=True))["ID number"] == "0901"
        assert made.left_out == ()


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_line_that_says_what_divides_the_cells_is_taken_at_its_word(first, end, tmp_path):
    text = f"{first}{end}ID number;First name, and others{end}s1;Ada, B, C, D{end}"
    (tmp_path / "roster.csv").write_bytes(text.encode("utf-8-sig"))
    roster = read_roster(tmp_path / "roster.csv")
    assert roster.head == ("ID number", "First name, and others")
    assert len(match(rows("s1/03.ipynb"), roster).pairs) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", ":", "|"])
def test_a_roster_is_read_in_any_form_that_a_spreadsheet_saves(tmp_path, encoding, separator):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(csv.reader(io.StringIO(CANVAS_EXPORT)))
    path = tmp_path / "roster.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    roster = read_roster(path)
    assert [student.number for student in roster.students] == ["4711", "4712", "4713", "4799"]


def test_colons_in_the_names_of_assignments_divide_no_cells(tmp_path):
    quizzes = ",".join(f"Quiz: sheet {n}: chains (Real)" for n in range(9))
    (tmp_path / "grades.csv").write_text(f"ID number,{quizzes}\ns1{',' * 9}\n")
    assert len(match(rows("s1/03.ipynb"), read_roster(tmp_path / "grades.csv")).pairs) == 1


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\0\0", b"name,grade\nAda,1\n", b"\x89PNG\r\n\x1a\n", b'"Student'),
        *(b"Email,End-of-Line Indicator\na@x,#\n", b"Last Name,End-of-Line Indicator\nA,#\n"),
    ],
)
def test_what_is_no_roster_is_refused_in_words(tmp_path, content):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(NotARoster, match="is not a"):
        read_roster(path)


@pytest.mark.parametrize(
    "begins", [b"PK\x03\x04\x14\0\6\0[Content_Types].xml", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"]
)
def test_of_a_workbook_it_is_said_how_to_make_a_list_of_it(tmp_path, begins):
    (tmp_path / "roster.xlsx").write_bytes(begins + bytes(range(256)))
    with pytest.raises(NotARoster, match='choose "Save As" and the type "CSV UTF-8') as refused:
        read_roster(tmp_path / "roster.xlsx")
    assert str(refused.value).isprintable()


def test_what_is_said_of_a_file_that_is_no_roster_can_be_printed(tmp_path):
    (tmp_path / "roster.csv").write_bytes(b"\x1b[2J\0a,b\n")
    with pytest.raises(NotARoster) as refused:
        read_roster(tmp_path / "roster.csv")
    assert str(refused.value).isprintable()


# ------------------------------------------------------------------ what needs a human


def reasons(*results: Graded) -> list[tuple[str, str]]:
    return [found for row in rows_of(results) for found in row.human]


def test_students_who_share_an_id_are_named_each():
    said = reasons(handed_in("s1/03.ipynb", signed_in_as="x"), handed_in("s2/03.ipynb", signed_in_as="x"))
    assert said == [
        ("s1", "They signed in as x, and so did s2."),
        ("s2", "They signed in as x, and so did s1."),
    ]
    assert reasons(*(handed_in(f"s{n}/03.ipynb", signed_in_as="guest") for n in range(2))) == []


def test_several_ids_in_the_notebooks_of_a_student_are_named():
    said = reasons(handed_in("s1/03.ipynb", signed_in_as="x"), handed_in("s1/05.ipynb", {}, signed_in_as="y"))
    assert said == [("s1", "The notebooks sign in with several ids: x in s1/03.ipynb; y in s1/05.ipynb.")]


def test_points_by_hand_on_numbers_that_every_guest_has_are_named():
    by_hand = {"encode": 1.0, "forward_by_hand": 3.0}
    said = reasons(handed_in("s1/05.ipynb", by_hand, signed_in_as="guest"))
    assert said == [
        (
            "s1/05.ipynb",
            "Never signed in: the exercises by hand were judged on the guest's numbers, which everyone can"
            " have.",
        )
    ]
    assert reasons(handed_in("s1/05.ipynb", by_hand, signed_in_as="")) == said
    assert reasons(handed_in("s1/05.ipynb", by_hand, signed_in_as="s1")) == []
    assert reasons(handed_in("s1/05.ipynb", by_hand | {"forward_by_hand": 0.0}, signed_in_as="guest")) == []


def test_a_lesson_that_was_not_handed_in_is_blank_in_the_gradebook_and_a_blank_one_is_0():
    nothing = {"encode": 0.0, "mlp_forward": 0.0}
    (row,) = csv.DictReader(io.StringIO(gradebook_csv(rows_of([handed_in("s1/05.ipynb", nothing)]))))
    assert [row[name] for name in ("lesson_03", "lesson_05", "lesson_06", "total")] == ["", "0", "", "0"]


def test_the_same_file_from_two_students_is_named_unless_it_is_as_it_was_given():
    nothing = dict.fromkeys(FULL, 0.0)
    assert (
        reasons(handed_in("s1/03.ipynb", nothing, key="k"), handed_in("s2/03.ipynb", nothing, key="k")) == []
    )
    said = reasons(handed_in("s1/03.ipynb", key="k"), handed_in("s2/03.ipynb", key="k"))
    assert [who for who, _ in said] == ["s1/03.ipynb", "s2/03.ipynb"]
    assert "the same file" in said[0][1]
    assert "s2 (s2/03.ipynb)" in said[0][1]


def test_two_notebooks_of_a_lesson_that_only_an_id_names_are_named():
    said = reasons(handed_in("03_a.ipynb", signed_in_as="x"), handed_in("03_b.ipynb", signed_in_as="x"))
    assert said == [("03_b.ipynb", "Another notebook of the same lesson is signed in as x, too.")]


# ------------------------------------------------------------------ what is graded again


def test_only_what_can_change_a_result_has_a_class_graded_again(tmp_path, monkeypatch):
    ignored = shutil.ignore_patterns("data", "__pycache__")
    library = shutil.copytree(LIBRARY, tmp_path / "lecture_lib", ignore=ignored)
    grader = shutil.copytree(GRADER, tmp_path / "lecture_grader", ignore=ignored)
    monkeypatch.setattr(settings, "LIBRARY", library)
    monkeypatch.setattr(settings, "GRADER", grader)
    before = checks_version()
    for path in [*sorted(grader.rglob("*.py")), *sorted((library / "exercises").rglob("*.py"))]:
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        afterwards = {"outputs", "exports"} & set(path.parts)
        assert (checks_version() == before) == bool(afterwards), path
        path.write_bytes(content)
