"""A call that goes wrong: of what is no function, with other arguments, of numbers too large, or too deep."""

from __future__ import annotations

import builtins
import re

from ..answer import Failure
from .rows import NUMBER_TYPES, Known, Row, of_kind

_BUILT_IN = frozenset(name for name in dir(builtins) if name[0].islower())


def _not_callable(failure: Failure, match: re.Match[str], known: Known) -> str:
    kind, piece = match[1], failure.part or failure.text
    is_number = re.fullmatch(NUMBER_TYPES, kind) is not None
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
            f"{name} is {of_kind(kind)} here, no longer Python's function: a line such as {name} = … has"
            f" taken its name. Give your variable another name, and run del {name} if that line was outside"
            " of the function."
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


def _wrong_arguments(failure: Failure, match: re.Match[str], known: Known) -> str:
    called = match[1].split(".")[-1]
    counts = re.search(r"takes (\d+) positional arguments? but (\d+) w", failure.message)
    if called in known.arguments and counts:
        takes = "one argument" if counts[1] == "1" else f"{counts[1]} arguments"
        return f"{called}, which this function was handed, takes {takes}, and this line gives it {counts[2]}."
    return (
        f"{called} is called with another number of arguments than it takes: compare this line with its def."
    )


ROWS: tuple[Row, ...] = (
    (
        "TookTooLong",
        r"",
        "This is the line that was being run then. Does its loop come to an end, or is the same computed"
        " again and again?",
    ),
    ("TypeError", r"'([^']+)' object is not callable", _not_callable),
    ("TypeError", r"^([\w.<>]+)\(\) (?:missing|takes|got)", _wrong_arguments),
    (
        "TypeError",
        r"must be real number, not",
        "This function takes one number, and it is given something else.",
    ),
    (
        "TypeError",
        r"only (?:length-1|0-dimensional) arrays can be converted|only size-1 arrays",
        "A function of math, and float(…), take one number, and this is an array of several. NumPy's"
        " functions, such as np.exp, go through all entries.",
    ),
    ("ValueError", r"math domain error", "The function is not defined there: a log needs a number above 0."),
    (
        "TypeError",
        r"return arrays must be of ArrayType",
        "A function of two numbers, such as np.maximum, reads a third argument as the array to write into."
        " Of three, take the larger one of two first.",
    ),
    (
        "OverflowError",
        r"",
        "A number becomes larger than a float can be. NumPy's exp gives ∞ there, and math.exp stops. Which"
        " number grows so large, and on which input?",
    ),
    (
        "RecursionError",
        r"",
        "Calls within calls went deeper than Python allows. Does the function that calls itself come to an"
        " end, and after how many calls?",
    ),
)
