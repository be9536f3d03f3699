"""A name that Python or NumPy does not know, or that has no value yet."""

import builtins
import difflib
import re

from ..answer import Failure
from .rows import FUNCTION_TYPES, MODULES, NUMPYS, Context, Row, of_kind

_ELSEWHERE = {"true": "True", "false": "False", "null": "None", "none": "None", "ln": "np.log"}


_ACTIVATIONS = ("relu", "sigmoid", "softmax")


def _unknown_name(failure: Failure, match: re.Match[str], known: Context) -> str:
    name = match[1]
    if name == "math":
        return "math is not imported: import math does that. np has the same functions, for whole arrays too."
    if name in ("np", "numpy", "ll"):
        return f"{name} is not imported yet: run the notebook's first cell, which imports it."
    lesson = (known.lessons or {}).get(name)
    if lesson is not None and name in known.may_use:
        return (
            f"{name} is from lesson {lesson}, and no cell that was run here defines it. ll.{name} is the"
            " library's, which may be used here."
        )
    if lesson is not None:
        return (
            f"{name} is asked in lesson {lesson}. If it is in this notebook, run its cell first; if not, copy"
            " your own here, above this cell."
        )
    if name == "self":
        return (
            "self is the first argument of a method. Does it stand in the brackets of"
            f" def {failure.function or '…'}(self, …)?"
        )
    if name in NUMPYS:
        return f"{name} is one of NumPy's functions, and those are called by np.{name}."
    if name.lower() in _ACTIVATIONS:
        return (
            f"Neither Python nor NumPy has a function of the name {name}. What does it do with a number?"
            " Write that in NumPy."
        )
    if name in known.arguments and "self" in dict(failure.holds):
        return (
            f"{name} is not among the arguments of this method. Is self.{name} meant, which the object keeps?"
        )
    if name in known.arguments:
        return f"{name} is not among the arguments in the def line of this function. Which names stand there?"
    if name == "e":
        return "No line before this one gives e a value. Which formula does? (The number e is written np.e.)"
    if name in _ELSEWHERE:
        return f"In Python, {name} is written {_ELSEWHERE[name]}."
    names = [*known.arguments, *(held for held, _ in failure.holds)]
    parts = [(name[:k], name[k:]) for k in range(1, len(name))]
    joined = next((pair for pair in parts if all(part in names for part in pair)), None)
    if joined is not None:
        return f"Python reads {name} as one name. A product needs its sign: {joined[0]} * {joined[1]}."
    near = [other for other in names if other.lower() == name.lower()]
    near += difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"Python knows no {name} here. Is {near[0]} meant?"
    if "self" in names:
        return f"Python knows no {name} here. What belongs to the object is reached by self: self.{name}."
    return f"Python knows no {name} here. Is it misspelt, or from a cell that was not run?"


def _taken_name(failure: Failure, match: re.Match[str], known: Context) -> str:
    """Say that np, or another module's name, is something else here."""
    kind, called = match[2], re.fullmatch(r"(\w+)\.\w+", failure.part)
    name = called[1] if called else ""
    imports = {"np": "numpy as np", "ll": "lecture_lib as ll", "math": "math"}.get(name, "")
    if not imports or (match[1] and kind == imports.split()[0]):
        return ""
    if match[1]:
        return f"{name} is the module {kind} here, not {MODULES[name]}: import {imports} makes it that."
    what = "None" if kind == "NoneType" else "a function" if kind in FUNCTION_TYPES else of_kind(kind)
    taken = f"{name} is {what} here, no longer {MODULES[name]}"
    # From Python 3.12 on, what a comprehension's own name held is gone once it has stopped.
    if name in dict(failure.holds) or re.search(rf"\bfor\b[^:]*\b{name}\b[^:]*\bin\b", failure.text):
        return (
            f"{taken}: in this function an argument, a for or a line such as {name} = … has taken its name."
            " Give your variable another name."
        )
    return (
        f"{taken}: a line such as {name} = … has taken its name. Give your variable another name, and run"
        f" import {imports} again."
    )


def _no_start(failure: Failure, match: re.Match[str], known: Context) -> str:
    name = match[1]
    if whose := MODULES.get(name, "Python's function" if hasattr(builtins, name) else ""):
        if re.search(rf"\b{name}\s*(?:[-+*/@]=|=\s*{name}\s*[-+*/@])", failure.text):
            more = " What is added up in a loop needs a start before the loop, too, such as total = 0."
        else:
            more = " An import stands outside of the function." if name in MODULES else ""
        return (
            f"Some line of this function gives {name} a value, and so {name} is a variable in all of it, no"
            f" longer {whose}. Give your variable another name.{more}"
        )
    if re.search(rf"\b{name}\s*=[^=]*\b{name}\s*[^-+*/@\s]", failure.text):
        return (
            f"{name} stands on the right of its own =, and has no value yet. Is another name meant there?"
            " What is collected in a loop needs a start before the loop."
        )
    if re.search(rf"\b{name}\s*(?:[-+*/@]|\*\*)?=", failure.text):
        return (
            f"{name} is used here before it has a value. What is added up in a loop needs a start before the"
            f" loop, such as {name} = 0."
        )
    return (
        f"{name} is used here before it has a value: the line that gives it one comes later, or stands in a"
        " loop or an if that did not run."
    )


def _no_function(failure: Failure, match: re.Match[str], known: Context) -> str:
    name = match[1]
    near = [] if name.lower() in _ACTIVATIONS else difflib.get_close_matches(name, NUMPYS, n=1, cutoff=0.66)
    tail = f" Is np.{near[0]} meant?" if near else " What does it calculate? Write that in NumPy."
    if name in _ELSEWHERE:
        tail = f" In Python, {name} is written {_ELSEWHERE[name]}."
    if name in known.may_use:
        tail = f" Your own {name} may be used here, or the library's, ll.{name}."
    return f"NumPy has no function of the name {name}.{tail}"


def _not_in_the_library(failure: Failure, match: re.Match[str], known: Context) -> str:
    if match[1] in (known.lessons or {}):
        return f"{match[1]} is your own function, and the library has none: it is called without ll."
    return f"The library has no {match[1]}. Is it misspelt, or one of NumPy's functions?"


ROWS: tuple[Row, ...] = (
    ("UnboundLocalError NameError", r"local variable '(\w+)' (?:where|referenced)", _no_start),
    ("NameError", r"name '(\w+)' is not defined", _unknown_name),
    ("NameError", r"free variable '(\w+)'", r"A name of the function around this one has no value yet."),
    ("AttributeError", r"^(module )?'([\w.]+)' (?:object )?has no attribute", _taken_name),
    ("AttributeError", r"module 'lecture_lib' has no attribute '(\w+)'", _not_in_the_library),
    ("AttributeError", r"module 'numpy' has no attribute '(\w+)'", _no_function),
)
