"""The lessons: a folder each, with the exercises, questions and explorers that it adds.

A folder is found by being here. Where its `exercises.py` has EXERCISES, its `questions.py` RECALL and
PREDICTIONS, its `recipes.py` RECIPES (makers of arguments that are functions or graphs), these are entered,
so that `check`, `hint`, `recall` and the others know them. What the folder's own `__init__.py` imports,
notebooks may use: `ll.explore_descent`. Its `_NOTEBOOK` is what the lesson's file is called.
"""

import importlib
import pkgutil

from lecture_lib.common import faces
from lecture_lib.exercises import recipes, registry
from lecture_lib.exercises.for_notebooks import *
from lecture_lib.explore import question
from lecture_lib.explore.question import predict, recall


def _enter(folder: str) -> None:
    """Enter what a folder asks, and offer what it offers."""
    face = importlib.import_module(f"{__name__}.{folder}")
    has = {module.name for module in pkgutil.iter_modules(face.__path__)}
    if "recipes" in has:
        recipes.register_recipes(importlib.import_module(f"{__name__}.{folder}.recipes").RECIPES)
    if "exercises" in has:
        registry.register(*importlib.import_module(f"{__name__}.{folder}.exercises").EXERCISES)
    if "questions" in has:
        asked = importlib.import_module(f"{__name__}.{folder}.questions")
        question.LESSONS[folder.removeprefix("lesson_")] = asked
    globals().update(faces.offered(face))


for _found in pkgutil.iter_modules(__path__):  # noqa: F405 (no star gives it)
    _enter(_found.name)
