"""A call that goes wrong: of what is no function, with other arguments, of numbers too large, or too deep."""

import builtins
import difflib
import inspect
import re

import numpy as np

from ..answer import Failure
from .rows import FUNCTION_TYPES, NUMBER_TYPES, Context, Row, found, of_kind, takes, without_self

_BUILT_IN = frozenset(name for name in dir(builtins) if name[0].islower())


def _not_callable(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind, piece = match[1], failure.piece
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
    if shadowed and not re.search(r"\bkey\s*=\s*[\"']", piece):
        name = shadowed[0]
        return (
            f"{name} is {of_kind(kind)} here, no longer Python's function: a line such as {name} = … has"
            f" taken its name. Give your variable another name, and run del {name} if that line was outside"
            " of the function."
        )
    what = called or "What stands before the bracket"
    if kind == "str" and re.search(r"\bkey\s*=\s*[\"']", piece):
        return (
            "key= takes a function, and here it is a text. A function that gives an entry of r is"
            ' lambda r: r["…"].'
        )
    if kind.endswith("Generator") and kind.startswith("numpy.random"):
        return (
            f"{called or 'It'} is a generator of random numbers: call one of its methods, such as"
            f" {called or 'rng'}.permutation(…)."
        )
    attribute = re.search(r"\.(\w+)\(\)", piece)
    if kind == "tuple" and attribute:
        return f"{attribute[1]} is a tuple, not a function: leave out the round brackets after it."
    if kind in ("dict", "list", "tuple"):
        return f"{called or 'This'} is a {kind}: an entry is taken with square brackets, {called or '…'}[…]."
    if kind == "numpy.ndarray":
        return (
            f"{what} is an array, and round brackets call a function. An entry is taken with square brackets;"
            " a product needs its sign, * or @."
        )
    if is_number:
        return f"{what} is a number, and round brackets after it are a call. A product needs its sign: *."
    if kind == "module":
        return f"{called or 'This'} is a module: call one of its functions, {called or 'np'}.…(…)."
    if kind == "str":
        return f"{what} is a text, and round brackets call a function."
    if kind == "NoneType":
        what = called or "What is called here"
        return f"{what} is None: the cell that defines it has not given it a value yet."
    if kind[:1].isupper() and "." not in kind and not kind.endswith("Node"):  # a class of one's own
        what = what if called != kind else "What stands before the bracket"
        return (
            f"{what} is an object of the class {kind}, which has no __call__. Call one of its methods by"
            " name, or give the class def __call__(self, …)."
        )
    return ""


def _method_called(failure: Failure, method: str, called: str) -> str:
    """Say of a method of the answer's own how it is called; "" where it is no method, or not known."""
    if failure.message.endswith("() takes no arguments"):
        return (
            f"The class {called} has no __init__ that takes any: def __init__(self, …), with two underscores"
            " on both sides, stands in the class."
        )
    holder, arguments = method.rpartition("<locals>.")[2].rpartition(".")[0], takes(failure, method)
    if arguments is None:
        return ""
    on_the_class = re.search(rf"(?<![\w.]){re.escape(holder)}\.{called}\(", failure.piece)
    if arguments[:1] != ["self"]:
        return "" if on_the_class else without_self(method, arguments)
    if on_the_class:
        return (
            f"{holder} is the class itself, and {called} is a method of its objects. {holder}(…) makes an"
            f" object, and {called} is called on that: {holder}(…).{called}(…)."
        )
    what = f"{holder}(…)" if called == "__init__" else called
    besides = ", ".join(arguments[1:]) or "nothing"
    return f"Besides self, {what} takes {besides}: compare the brackets of this call with that."


def _wrong_arguments(failure: Failure, match: re.Match[str], known: Context) -> str:
    called = match[1].split(".")[-1]
    if said := _method_called(failure, match[1], called):
        return said
    counts = re.search(r"takes (\d+) positional arguments? but (\d+) w", failure.message)
    if called in known.arguments and counts:
        takes = "one argument" if counts[1] == "1" else f"{counts[1]} arguments"
        return f"{called}, which this function was handed, takes {takes}, and this line gives it {counts[2]}."
    function = getattr(np, called, None)
    if f"np.{called}" in failure.text and isinstance(function, np.ufunc):
        takes = "one array" if function.nin == 1 else f"{function.nin} numbers or arrays"
        whole = {"maximum": "max", "minimum": "min", "add": "sum", "multiply": "prod"}.get(called)
        one = f" Of the entries of one array, np.{whole} is the function." if whole else ""
        return f"np.{called} takes {takes}, entry by entry, and this line gives it another number.{one}"
    if f"np.{called}" in failure.text and callable(function):
        missing = re.search(r"missing \d+ required positional arguments?: (.+)", failure.message)
        lacks = f" What is missing is called {missing[1]}." if missing else ""
        return (
            f"np.{called} takes another number of arguments than this line gives it.{lacks} Is a comma"
            " between two of them missing?"
        )
    if called in known.arguments and "missing" in failure.message:
        return f"{called}, which this function was handed, takes more arguments than this line gives it."
    own = re.search(rf"(?<![\w.]){re.escape(called)}\(", failure.text) and called not in (
        *_BUILT_IN,
        *known.arguments,
    )
    compare = ": compare this line with its def" if own else ""
    return f"{called} is called with another number of arguments than it takes{compare}."


_ELSEWHERE = {"dim": "axis", "keepdim": "keepdims", "size": "shape", "low": "a_min", "high": "a_max"}
"""What other libraries call an argument of NumPy's."""


def _unknown_argument(failure: Failure, match: re.Match[str], known: Context) -> str:
    called, name = (match[1] or match[4]).split(".")[-1].lstrip("_"), match[2] or match[3]
    if f"np.{called}(" in failure.text or f".{called}(" in failure.text:
        try:
            names = [*inspect.signature(getattr(np, called)).parameters]
        except (AttributeError, ValueError):  # it is not NumPy's, or NumPy does not say
            names = []
        near = difflib.get_close_matches(_ELSEWHERE.get(name, name), names, n=1)
        return f"{called} has no argument of the name {name}.{f' Is {near[0]} meant?' if near else ''}"
    numpys = f" NumPy's np.{called} has one." if called in _BUILT_IN and name == "axis" else ""
    return f"{called} has no argument of the name {name}.{numpys}"


_SHAPES = r"\bnp\.(zeros|ones|empty|full)\("
_TOTALS = r"\bnp\.(sum|mean|max|min|prod|amax|amin|argmax|argmin|any|all)\("


def _array_for_a_number(failure: Failure, match: re.Match[str], known: Context) -> str:
    """Say what an array is doing where a whole number is read."""
    if made := found(_SHAPES, failure):
        return (
            f"np.{made[1]} is asked for a shape, and here it is given an array. The shape of an array A is"
            " A.shape."
        )
    joins = re.search(r"\bnp\.(concatenate|stack|hstack|vstack)\(", failure.text)
    if joins:
        return f"np.{joins[1]} takes one list of arrays: np.{joins[1]}([a, b])."
    if adds := found(_TOTALS, failure):
        return (
            f"np.{adds[1]} takes one array; a second argument is the number of an axis, and here it is an"
            " array. What is to be done with the two before that?"
        )
    counts = re.search(r"\b(range|enumerate)\(", failure.text)
    if counts:
        return f"{counts[1]} counts with whole numbers, and here it is given an array."
    return "A whole number is asked here, and it is given an array."


def _not_a_whole_number(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind, piece = match[1], failure.piece
    if kind in ("tuple", "list", "numpy.ndarray", "str", "dict"):
        if "range(" in piece and ".shape" in piece:
            return "range counts up to one number, and a shape is a tuple. Its first number is .shape[0]."
        if "range(" in piece:
            return (
                f"range counts up to one number, and here it is given {of_kind(kind)}. len(…) counts entries."
            )
        return f"A whole number is asked here, and this is {of_kind(kind)}."
    made = re.search(_SHAPES, piece)
    array = made and re.search(_SHAPES + r"\s*([A-Za-z_]\w*)\s*[,)]", piece)
    if array and dict(failure.holds).get(array[2], "").startswith("an array"):
        return (
            f"np.{array[1]} is asked for a shape, and {array[2]} is an array. The shape of it is"
            f" {array[2]}.shape."
        )
    return ""


ROWS: tuple[Row, ...] = (
    (
        "TookTooLong",
        r"",
        "This is the line that was being run then. Does its loop come to an end, or is the same computed"
        " again and again?",
    ),
    ("TypeError", r"'([^']+)' object is not callable", _not_callable),
    (
        "TypeError",
        r"(?:^([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)')|"
        r"(?:^'(\w+)' is an invalid keyword argument for ([\w.]+))",
        _unknown_argument,
    ),
    (
        "TypeError",
        r"^([\w.<>]+)\(\) got multiple values for argument '(\w+)'",
        lambda failure, match, known: (
            f"{match[2]} is given twice in this call: once by its place, and once by its name."
        ),
    ),
    ("TypeError", r"^([\w.<>]+)\(\) (?:missing|takes|got)", _wrong_arguments),
    ("TypeError", r"only integer scalar arrays can be converted", _array_for_a_number),
    ("TypeError", r"'([\w.]+)' object cannot be interpreted as an integer", _not_a_whole_number),
    (
        "TypeError",
        r"Cannot interpret '(.+)' as a data type",
        "A shape is one argument: with several lengths it needs brackets of its own, as in np.zeros((2, 3)).",
    ),
    (
        "TypeError",
        r"^(?:float|int)\(\) argument must be .* not '([\w.]+)'",
        lambda failure, match, known: (
            "A number is asked here, and it is given a function itself. Is it to be called, with brackets and"
            " its arguments, or do two arguments of a call stand in each other's place?"
            if match[1] in FUNCTION_TYPES
            else f"A number is asked here, and it is given {of_kind(match[1])}."
        ),
    ),
    (
        "TypeError",
        r"must be real number, not",
        "This function takes one number, and it is given something else.",
    ),
    (
        "TypeError",
        r"only (?:length-1|0-dimensional) arrays can be converted|only size-1 arrays",
        lambda failure, match, known: (
            "np is not NumPy here, whose functions go through all entries: import numpy as np makes it that."
            if (called := re.match(r"np\.(\w+)\(", failure.part))
            and isinstance(getattr(np, called[1], None), np.ufunc)
            else "The functions of math, float(…) and int(…) take one number each, and this is an array of"
            " several. NumPy's functions, such as np.exp, go through all entries."
        ),
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
