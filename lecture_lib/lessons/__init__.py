"""The lessons: a folder each, with the exercises, questions and explorers that it adds.

A folder `lesson_NN` is found by its name. Its `exercises.py` has EXERCISES, its `questions.py` has RECALL and
PREDICTIONS, its `recipes.py` has RECIPES: makers of arguments that are functions or graphs. All of them are
entered here, where `check`, `hint`, `recall` and the others look them up.
"""

from importlib import import_module
from pkgutil import iter_modules

from lecture_lib.exercises import (
    EXERCISES,
    UnknownExercise,
    check,
    compare,
    hint,
    progress,
    register,
    register_recipes,
    require,
    student,
)
from lecture_lib.explore import predict, recall, register_questions


def _find(folder: str) -> None:
    """Enter what a lesson's folder holds."""
    has = {module.name for module in iter_modules(import_module(f"{__name__}.{folder}").__path__)}
    if "recipes" in has:
        register_recipes(import_module(f"{__name__}.{folder}.recipes").RECIPES)
    if "exercises" in has:
        register(*import_module(f"{__name__}.{folder}.exercises").EXERCISES)
    if "questions" in has:
        questions = import_module(f"{__name__}.{folder}.questions")
        register_questions(folder.removeprefix("lesson_"), questions.RECALL, questions.PREDICTIONS)


LESSONS = tuple(sorted(module.name for module in iter_modules(__path__) if module.name.startswith("lesson_")))

for _folder in LESSONS:
    _find(_folder)

from .duck_goose import Example, example_of, my_example  # noqa: E402
from .lesson_03.exercises import backward_order_lines  # noqa: E402
from .lesson_06.explorers import explore_descent  # noqa: E402

__all__ = [
    "EXERCISES",
    "LESSONS",
    "Example",
    "UnknownExercise",
    "backward_order_lines",
    "check",
    "compare",
    "example_of",
    "explore_descent",
    "hint",
    "my_example",
    "predict",
    "progress",
    "recall",
    "require",
    "student",
]
