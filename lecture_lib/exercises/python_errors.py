"""What Python's own errors mean, said so that a beginner can act.

A table of ours, not the package `friendly-traceback`: its last release is of 2022, it brings four packages
more, explains Python at length, and knows nothing of arrays and their shapes.

Each row has the error, a pattern of its message, and what to say: a text, or a function of the failure and
the match that gives a text, "" to leave it to a later row.
"""

from __future__ import annotations

import builtins
import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .answer import Failure


@dataclass(frozen=True)
class Known:
    """What is known beside a failure.

    Attributes
    ----------
    arguments
        The names of the answer's arguments.
    lessons
        The names that exercises ask for, each with its lesson's number.
    may_use
        Those of them that the library has, and that the answer may use.
    """

    arguments: tuple[str, ...] = ()
    lessons: Mapping[str, str] | None = None
    may_use: tuple[str, ...] = ()


Say: TypeAlias = "str | Callable[[Failure, re.Match[str], Known], str]"


def meaning(failure: Failure, known: Known | None = None) -> str:
    """Return what an error means and what to look at, "" where nothing is known of it."""
    for kinds, pattern, say in _TABLE:
        match = re.search(pattern, failure.message) if failure.kind in kinds.split() else None
        if match is not None:
            said = say if isinstance(say, str) else say(failure, match, known or Known())
            if said:
                return said
    return ""


# ------------------------------------------------------------------ names


_NUMPYS = frozenset(
    name
    for name in dir(np)
    if name[0].islower() and callable(getattr(np, name)) and name not in dir(builtins)
)
_ELSEWHERE = {"true": "True", "false": "False", "null": "None", "none": "None", "ln": "np.log", "e": "np.e"}
_ACTIVATIONS = ("relu", "sigmoid", "softmax")


def _unknown_name(failure: Failure, match: re.Match[str], known: Known) -> str:
    name = match[1]
    if name in ("np", "numpy", "ll", "math"):
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
    if name in _NUMPYS:
        return f"{name} is one of NumPy's functions, and those are called by np.{name}."
    if name.lower() in _ACTIVATIONS:
        return (
            f"Neither Python nor NumPy has a function of the name {name}. What does it do with a number?"
            " Write that in NumPy."
        )
    if name in known.arguments:
        return f"{name} is not among the arguments in the def line of this function. Which names stand there?"
    if name in _ELSEWHERE:
        return f"In Python, {name} is written {_ELSEWHERE[name]}."
    names = [*known.arguments, *(held for held, _ in failure.holds)]
    near = [other for other in names if other.lower() == name.lower()]
    near += difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"Python knows no {name} here. Is {near[0]} meant?"
    return f"Python knows no {name} here. Is it misspelt, or from a cell that was not run?"


def _no_start(failure: Failure, match: re.Match[str], known: Known) -> str:
    name = match[1]
    if re.search(rf"\b{name}\s*(?:[-+*/@]|\*\*)?=", failure.text):
        return (
            f"{name} is used here before it has a value. What is added up in a loop needs a start before the"
            f" loop, such as {name} = 0."
        )
    return (
        f"{name} is used here before it has a value: the line that gives it one comes later, or stands in"
        f" a loop"
        " or an if that did not run."
    )


# ------------------------------------------------------------------ calls


_NUMBERS = "int|float|bool|complex|numpy\\.\\w*(?:float|int|bool)\\w*"
_BUILT_IN = frozenset(name for name in dir(builtins) if name[0].islower())


def _not_callable(failure: Failure, match: re.Match[str], known: Known) -> str:
    kind, piece = match[1], failure.part or failure.text
    is_number = re.fullmatch(_NUMBERS, kind) is not None
    held = dict(failure.holds)
    leading = re.match(r"([A-Za-z_]\w*)\s*\(", failure.part)
    named = [one[1] for one in re.finditer(r"(?<![\w.])([A-Za-z_]\w*)\s*\(", failure.text)]
    shadows = [leading[1]] if leading else [] if failure.part else named
    shadowed = [name for name in shadows if name in _BUILT_IN]
    others = [name for name in named if held.get(name, "a function") != "a function"]
    called = leading[1] if leading else others[0] if others and not failure.part else ""
    number = re.search(r"(?<![\w.\]])(\d+\.?\d*)\s*\(", piece)
    if is_number and number:
        return (
            f"{number[1]}(…) is a call in Python, not a product. A product needs its sign: {number[1]} * (…)."
        )
    if shadowed:
        name = shadowed[0]
        return (
            f"{name} is {_of_kind(kind)} here, no longer Python's function: a line such as {name} = … has"
            f" taken"
            f" its name. Give your variable another name, and run del {name} if that line was outside of the"
            " function."
        )
    name = called
    attribute = re.search(r"\.(\w+)\(\)", piece)
    if kind == "tuple" and attribute:
        return f"{attribute[1]} is a tuple, not a function: leave out the round brackets after it."
    if kind in ("dict", "list", "tuple"):
        return f"{name or 'This'} is a {kind}: an entry is taken with square brackets, {name or '…'}[…]."
    if kind == "numpy.ndarray":
        what = name or "What stands before the bracket"
        return (
            f"{what} is an array, and round brackets call a function. An entry is taken with square brackets;"
            " a product needs its sign, * or @."
        )
    if is_number:
        what = name or "What stands before the bracket"
        return f"{what} is a number, and round brackets after it are a call. A product needs its sign: *."
    if kind == "module":
        return f"{name or 'This'} is a module: call one of its functions, {name or 'np'}.…(…)."
    if kind == "str":
        return f"{name or 'What stands before the bracket'} is a text, and round brackets call a function."
    if kind == "NoneType":
        return (
            f"{name or 'What is called here'} is None: the cell that defines it has not given it a value yet."
        )
    return ""


def _of_kind(kind: str) -> str:
    kinds = {
        "numpy.ndarray": "an array",
        "list": "a list",
        "str": "a text",
        "dict": "a dict",
        "tuple": "a tuple",
    }
    return kinds.get(kind, "a number" if re.fullmatch(_NUMBERS, kind) else f"a {kind}")


def _wrong_arguments(failure: Failure, match: re.Match[str], known: Known) -> str:
    called = match[1].split(".")[-1]
    counts = re.search(r"takes (\d+) positional arguments? but (\d+) w", failure.message)
    if called in known.arguments and counts:
        takes = "one argument" if counts[1] == "1" else f"{counts[1]} arguments"
        return f"{called}, which this function was handed, takes {takes}, and this line gives it {counts[2]}."
    return (
        f"{called} is called with another number of arguments than it takes: compare this line with its def."
    )


# ------------------------------------------------------------------ operators


_FUNCTIONS = (
    "function",
    "builtin_function_or_method",
    "method",
    "type",
    "numpy.ufunc",
    "numpy._ArrayFunctionDispatcher",
)


def _operands(failure: Failure, match: re.Match[str], known: Known) -> str:
    sign, kinds = match[1].strip(), (match[2], match[3])
    if sign.startswith("^"):
        return _POWER
    if "NoneType" in kinds:
        return (
            "One of the two sides is None. Is it what a function gave that has no return, or print, which"
            " gives"
            " nothing back?"
        )
    if "ellipsis" in kinds:
        return "One of the two sides is still ...: a blank that waits to be filled in."
    for kind in kinds:
        if kind in _FUNCTIONS:
            return "One of the two sides is a function itself. Call it, with brackets and its arguments."
    if "dict" in kinds:
        return "One of the two sides is a dict. Which of its entries is meant? dict[key] takes one."
    if "str" in kinds:
        return (
            "One of the two sides is a text. A number has no quotes, and a word must become a number first."
        )
    if "list" in kinds or "tuple" in kinds:
        kind = "list" if "list" in kinds else "tuple"
        return (
            f"A {kind} does not calculate entry by entry: {sign} does not do that for it. np.array(…)"
            f" makes an"
            " array of it, which does."
        )
    return ""


_POWER = "In Python ^ is not a power. A power is written **, as in e**2."


def _concatenated(failure: Failure, match: re.Match[str], known: Known) -> str:
    kind = match[1]
    if kind == "str":
        return (
            "One of the two sides is a text. A number has no quotes, and a word must become a number first."
        )
    return (
        f"+ joins a {kind} to another {kind}; it adds nothing entry by entry. np.array(…) makes an array,"
        f" which"
        " does."
    )


def _shapes(failure: Failure, match: re.Match[str], known: Known) -> str:
    piece = failure.part or failure.text
    both = tuple(shape.replace(",", ", ").replace(", )", ",)") for shape in match.groups())
    which = _held_arrays(failure, piece, both)
    told = f" Here the shapes are {both[0]} and {both[1]}{': ' if which else ''}{which}."
    if "@" not in piece and re.search(r"(?<!\*)\*(?!\*)", piece) and "," in "".join(both).replace(",)", ")"):
        return (
            "* multiplies entry by entry and needs the same shape on both sides; @ is the product of a"
            " matrix." + told
        )
    return "Entry by entry, the shapes on both sides must fit." + told


def _inner_sizes(failure: Failure, match: re.Match[str], known: Known) -> str:
    which = _held_arrays(failure, failure.part or failure.text)
    sizes = re.search(r"size (\d+) is different from (\d+)|(\d+) \(dim \d\) != (\d+)", failure.message)
    lengths = [size for size in sizes.groups() if size] if sizes else []
    told = f" Here they are {' and '.join(sorted(lengths))}" if lengths else ""
    told = (
        f"{told}{': ' if told and which else ' Here ' if which else ''}{which}{'.' if told or which else ''}"
    )
    return (
        "For A @ B the last axis of A and the first of B must have the same length, as many columns as"
        " there are"
        f" entries in a vector.{told} Are both the right ones, in this order, and is a .T missing or too"
        f" many?"
    )


def _held_arrays(failure: Failure, piece: str, of: tuple[str, ...] = ()) -> str:
    """Say of the names in a piece of the line which array each is, if it has one of these shapes."""
    told = [
        f"{name} has the shape {shape[1]}"
        for name, what in failure.holds
        if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.\[(])", piece)
        and (shape := re.search(r"of shape (\(.*\))", what))
        and (not of or shape[1] in of)
    ]
    return " and ".join(told[:3])


def _truth(failure: Failure, match: re.Match[str], known: Known) -> str:
    asks = re.search(r"\b(max|min|sorted|if|elif|while|and|or|not)\b", failure.part) or re.search(
        r"\b(max|min|sorted|if|elif|while|and|or|not)\b", failure.text
    )
    if not asks and "ndindex(" in failure.text:
        return "np.ndindex takes a shape. Which part of an array is its shape?"
    who = (
        f"Python's {asks[1]}"
        if asks and asks[1] in ("max", "min", "sorted")
        else asks[1]
        if asks
        else "This line, or what it calls,"
    )
    return (
        f"{who} asks one question, yes or no, and the array holds several numbers, each with its own answer."
        " NumPy has functions that go through all entries, such as np.maximum, np.minimum and np.where."
    )


# ------------------------------------------------------------------ entries


def _no_index(failure: Failure, match: re.Match[str], known: Known) -> str:
    piece = failure.part or failure.text
    inside = re.search(r"\[(.*)\]", piece)
    places = [place.strip() for place in inside[1].split(",")] if inside else []
    held = dict(failure.holds)
    has_vocabulary = "vocabulary" in (*known.arguments, *held)
    number = " vocabulary[word] is the number of a word's column." if has_vocabulary else ""
    for place in places:
        if held.get(place) in ("a text", "a float"):
            return f"{place} is {held[place]}, and an index must be a whole number.{number}"
    return f"An index must be a whole number, or a list of whole numbers.{number}"


def _out_of_bounds(failure: Failure, match: re.Match[str], known: Known) -> str:
    asked, axis, size = int(match[1]), match[2], int(match[3])
    last = (
        "there are none"
        if size == 0
        else "there is 0 alone"
        if size == 1
        else f"they go from 0 to {size - 1}"
    )
    return (
        f"Counting begins at 0: along axis {axis} there are {size} places, and {last}. You ask for {asked}."
    )


def _too_many_indices(failure: Failure, match: re.Match[str], known: Known) -> str:
    axes, asked = match[1], match[2]
    have = {"0": "is a single number and has no axes", "1": "has one axis"}.get(axes, f"has {axes} axes")
    return f"The array {have}, and you give it {asked} places in the brackets."


def _unhashable(failure: Failure, match: re.Match[str], known: Known) -> str:
    what = {"numpy.ndarray": "an array"}.get(match[1], f"a {match[1]}")
    return (
        f"A dict is asked for one key at a time, and here it is asked for {what}. Go through its"
        f" entries one by one."
    )


def _missing_key(failure: Failure, match: re.Match[str], known: Known) -> str:
    counts = " Capitals and quotes count." if match[0][0] in "\"'" else ""
    return f"The dict has no key {match[0]}. Which keys has it?{counts}"


def _not_subscriptable(failure: Failure, match: re.Match[str], known: Known) -> str:
    kind = match[1]
    if re.fullmatch(_NUMBERS, kind):
        return "What stands before the square brackets is a single number: it has no entries to be taken."
    if kind in _FUNCTIONS:
        return "What stands before the square brackets is a function: it is called with round ones."
    if kind == "NoneType":
        return (
            "What stands before the square brackets is None. Does the function that gave it end with return?"
        )
    return ""


def _no_attribute(failure: Failure, match: re.Match[str], known: Known) -> str:
    kind, name = match[1], match[2]
    if kind in ("list", "tuple") and hasattr(np.ndarray, name):
        return f"A {kind} has no .{name}; an array has. np.array(…) makes an array of it."
    if re.fullmatch(_NUMBERS, kind):
        return f"What stands before .{name} is a single number, which has no .{name}."
    if kind == "NoneType":
        return f"What stands before .{name} is None. Does the function that gave it end with return?"
    if kind == "dict":
        return f'An entry of a dict is taken with square brackets and quotes: ["{name}"].'
    if kind == "numpy.ndarray" and name == "value":
        return "An array is its numbers already: it needs no .value, which nodes of the graph have."
    if kind == "numpy.ndarray" and name in _NUMPYS:
        return f"{name} is not a method of arrays but a function of NumPy: np.{name}(…)."
    return ""


def _no_function(failure: Failure, match: re.Match[str], known: Known) -> str:
    name = match[1]
    near = [] if name.lower() in _ACTIVATIONS else difflib.get_close_matches(name, _NUMPYS, n=1, cutoff=0.75)
    tail = f" Is np.{near[0]} meant?" if near else " What does it calculate? Write that in NumPy."
    if name in known.may_use:
        tail = f" Your own {name} may be used here, or the library's, ll.{name}."
    return f"NumPy has no function of the name {name}.{tail}"


# ------------------------------------------------------------------ several values


def _not_enough(failure: Failure, match: re.Match[str], known: Known) -> str:
    values = "one value" if match[2] == "1" else f"{match[2]} values"
    if re.match(r"for\b", failure.text):
        return f"There are {match[1]} names between for and in, and {values} for them at a time."
    return f"There are {match[1]} names to the left of = and {values} to the right."


def _too_many(failure: Failure, match: re.Match[str], known: Known) -> str:
    if re.match(r"for\b", failure.text):
        return f"There are {match[1]} names between for and in, and more values than that for them at a time."
    return f"There are {match[1]} names to the left of = and more values than that to the right."


def _one_value(failure: Failure, match: re.Match[str], known: Known) -> str:
    kind = match[1]
    if kind == "NoneType":
        return (
            "There are several names to the left of =, and to the right None. Does that function end"
            " with return?"
        )
    return f"There are several names to the left of =, and to the right one thing, {_of_kind(kind)}."


def _not_iterable(failure: Failure, match: re.Match[str], known: Known) -> str:
    kind = match[1]
    if kind == "NoneType":
        return "What is gone through here is None. Does the function that gave it end with return?"
    if kind in _FUNCTIONS:
        return "What is gone through here is a function itself. Call it, with brackets and its arguments."
    if re.fullmatch(_NUMBERS, kind):
        counts = " for i in range(n) counts from 0 to n − 1." if re.search(r"\bfor\b", failure.text) else ""
        return f"What is gone through here is a single number, not several.{counts}"
    return ""


_CHANGES_KIND = (
    "The array on the left holds whole numbers, and += or [...] = cannot put a decimal into it. Start"
    " with floats,"
    " such as np.zeros(…)."
)
_TEXT_AMONG_NUMBERS = "There is a text among the numbers of this line. A number has no quotes."
_ONE_NUMBER = (
    "A function of math, and float(…), take one number, and this is an array of several. NumPy's"
    " functions, such as"
    " np.exp, go through all entries."
)

_TABLE: tuple[tuple[str, str, Say], ...] = (
    ("UnboundLocalError NameError", r"local variable '(\w+)' (?:where|referenced)", _no_start),
    ("NameError", r"name '(\w+)' is not defined", _unknown_name),
    ("NameError", r"free variable '(\w+)'", r"A name of the function around this one has no value yet."),
    ("TypeError", r"operand type\(s\) for ([^:]+): '([^']+)' and '([^']+)'", _operands),
    ("TypeError UFuncTypeError _UFuncNoLoopError", r"ufunc 'bitwise_xor'", _POWER),
    ("TypeError", r"'([^']+)' object is not callable", _not_callable),
    ("TypeError", r"^([\w.<>]+)\(\) (?:missing|takes|got)", _wrong_arguments),
    ("TypeError", r"can only concatenate (\w+)", _concatenated),
    (
        "TypeError",
        r"can't multiply sequence by non-int",
        "A list, a tuple or a text is not multiplied entry by entry. np.array(…) makes an array of"
        " numbers, which"
        " is.",
    ),
    ("ValueError", r"broadcast together with (?:remapped )?shapes (\([^)]*\)) (\([^)]*\))", _shapes),
    ("ValueError", r"mismatch in its core dimension|not aligned", _inner_sizes),
    (
        "ValueError",
        r"does not have enough dimensions",
        "One of the two sides of @ is a single number. @ is for arrays; a number is multiplied with *.",
    ),
    (
        "ValueError",
        r"non-broadcastable output operand",
        "What is added has another shape than what it is added to: += cannot change a shape. Which shape"
        " has each"
        " of the two?",
    ),
    ("ValueError", r"truth value of an array", _truth),
    (
        "ValueError",
        r"read-only",
        "This array can be read but not written into. A copy can: array.copy(), or calculate a new array.",
    ),
    (
        "ValueError",
        r"inhomogeneous|setting an array element with a sequence",
        "Where one number should stand there are several, or the rows have different lengths.",
    ),
    ("ValueError", r"could not convert string to float", _TEXT_AMONG_NUMBERS),
    ("ValueError", r"math domain error", "The function is not defined there: a log needs a number above 0."),
    ("ValueError", r"not enough values to unpack \(expected (\d+), got (\d+)\)", _not_enough),
    ("ValueError", r"too many values to unpack \(expected (\d+)", _too_many),
    ("TypeError", r"cannot unpack non-iterable ([\w.]+)", _one_value),
    ("TypeError", r"'([^']+)' object is not iterable|argument of type '([^']+)'", _not_iterable),
    ("TypeError", r"iteration over a 0-d array", "What is gone through here is a single number, not"
     " several."),
    ("TypeError", r"object of type '(\w+)' has no len|len\(\) of unsized", "A single number has no length."),
    ("IndexError", r"only integers, slices|arrays used as indices must be", _no_index),
    ("TypeError", r"(?:list|tuple) indices must be integers or slices, not tuple",
     "A list has no axes: [row, column] is for arrays. np.array(…) makes an array of it."),
    ("TypeError", r"indices must be integers", _no_index),
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _out_of_bounds),
    (
        "IndexError",
        r"(?:list|tuple|string) index out of range",
        "Counting begins at 0: of n entries the last is number n − 1.",
    ),
    ("IndexError", r"array is (\d+)-dimensional, but (\d+) were indexed", _too_many_indices),
    ("IndexError", r"invalid index to scalar variable",
     lambda failure, match, known: "What stands before the square brackets is a single number: it has no"
     " entries to be taken." if "[" in failure.text else ""),
    ("TypeError", r"unhashable type: '([\w.]+)'", _unhashable),
    ("KeyError", r".+", _missing_key),
    ("TypeError", r"'([^']+)' object is not subscriptable", _not_subscriptable),
    ("TypeError", r"does not support item assignment",
     "What stands before the square brackets cannot be written into: a tuple, a text or a single number."),
    ("AttributeError", r"'([\w.]+)' object has no attribute '(\w+)'", _no_attribute),
    ("AttributeError", r"module 'numpy' has no attribute '(\w+)'", _no_function),
    ("TypeError", r"only (?:length-1|0-dimensional) arrays can be converted|only size-1 arrays", _ONE_NUMBER),
    ("TypeError", r"must be real number, not", "This function takes one number, and it is given something"
     " else."),
    ("UFuncTypeError _UFuncOutputCastingError", r"Cannot cast ufunc", _CHANGES_KIND),
    ("UFuncTypeError _UFuncNoLoopError", r"did not contain a loop", _TEXT_AMONG_NUMBERS),
    ("ZeroDivisionError", r"", "Here something is divided by 0. On which input is it 0, and should it be?"),
    ("OverflowError", r"",
     "A number becomes larger than a float can be. NumPy's exp gives ∞ there, and math.exp stops. Which"
     " number grows so large, and on which input?"),
    ("RecursionError", r"", "Calls within calls went deeper than Python allows. Does the function that calls"
     " itself come to an end, and after how many calls?"),
    ("TypeError", r"'([<>]=?)' not supported between instances of '([\w.]+)' and '([\w.]+)'",
     lambda failure, match, known: f"Python cannot say which of these two is the smaller one: they have no"
     f" order ({match[1]})."),
    ("TypeError", r"return arrays must be of ArrayType",
     "A function of two numbers, such as np.maximum, reads a third argument as the array to write into. Of"
     " three, take the larger one of two first."),
    ("AxisError", r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
     lambda failure, match, known: f"The array has {match[2]} ax{'is' if match[2] == '1' else 'es'},"
     f" counted from 0,"
     f" and you ask for axis {match[1]}."),
    ("SyntaxError", r"expected ':'", "A colon is missing: a line with def, for, if or else ends with one."),
    ("SyntaxError", r"was never closed", "A bracket is opened in this line and never closed."),
    ("SyntaxError", r"unmatched", "A bracket is closed that was not opened."),
    ("SyntaxError", r"unterminated string", "A quote is missing at the end of a text."),
    ("SyntaxError", r"forgot a comma", "Two things stand beside each other with no sign between. Is it a"
     " comma, or * ?"),
    ("SyntaxError", r"invalid decimal literal", "A number and a name stand side by side. A product needs"
     " its sign: 2 * x."),
    ("SyntaxError", r"invalid (?:non-printable )?character",
     "There is a character that Python does not read, such as the long minus − or a typeset quote. Type"
     " it anew."),
    ("SyntaxError", r"Maybe you meant '=='", "= gives a name a value; to compare, write ==."),
    ("SyntaxError", r"cannot assign to", "To the left of = there must be a name, or an entry such as a[0]."),
    ("SyntaxError", r"'return' outside function", "This return is not indented, and so it is not in a"
     " function."),
    ("IndentationError", r"expected an indented block", "The lines that belong to def, for or if stand"
     " further to the right."),
    ("IndentationError TabError", r"unexpected indent|unindent|inconsistent",
     "This line begins further to the left or right than its neighbours. Lines that belong together begin"
     " alike."),
    ("SyntaxError", r"", "Python cannot read this line. Is a sign, a bracket or a colon missing in it, or"
     " just before?"),
)  # fmt: skip
