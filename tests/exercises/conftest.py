"""What the tests of exercises need: a clean desk for each, and the right answers."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from lecture_lib.exercises import best_verdicts, checking, comparing, hinting, kept_functions
from lecture_lib.exercises.signing_in import sign_out


@pytest.fixture(autouse=True)
def clean_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody is signed in, no hint was shown, and progress goes to a file of its own."""
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path / "progress.json"))
    _begin_anew()
    yield
    _begin_anew()


def _begin_anew() -> None:
    sign_out()
    hinting._shown.clear()
    forget_what_was_checked()
    comparing._misses.clear()
    forget_progress()
    kept_functions._here.clear()


def forget_what_was_checked() -> None:
    """As a new kernel, which does not know what the check before was about."""
    checking._checked.clear()


def forget_progress() -> None:
    """As a new kernel, which knows of progress what the file says."""
    best_verdicts._here.clear()


def right_answers() -> dict[str, list[Callable]]:
    """Exercise's id -> right answers in different styles; of a value, functions of the student's id."""
    found: dict[str, list[Callable]] = {}
    for path in sorted((Path(__file__).parent / "right_answers").glob("lesson_*.py")):
        found |= import_module(f"tests.exercises.right_answers.{path.stem}").RIGHT
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test for each exercise, for each right answer, or for each form of each misconception."""
    from lecture_lib.lessons import EXERCISES

    if "exercise" not in metafunc.fixturenames:
        return
    if "right" in metafunc.fixturenames:
        rows = [
            pytest.param(
                EXERCISES[id], answer, id=f"{id}-{getattr(answer, '__name__', None) or answer[0].__name__}"
            )
            for id, answers in right_answers().items()
            for answer in answers
        ]
        metafunc.parametrize(("exercise", "right"), rows)
    elif "misconception" in metafunc.fixturenames:
        rows = [
            pytest.param(exercise, known, form, id=f"{exercise.id}-{known.name}-{number}")
            for exercise in EXERCISES.values()
            for known in exercise.misconceptions
            for number, form in enumerate(known.answers)
        ]
        metafunc.parametrize(("exercise", "misconception", "form"), rows)
    else:
        metafunc.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
