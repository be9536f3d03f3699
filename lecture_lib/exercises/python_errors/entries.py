"""An entry, an axis, a key or an attribute that is not there."""

import difflib
import re

import numpy as np

from ..answer import Failure
from .rows import FUNCTION_TYPES, NUMBER_TYPES, NUMPYS, ONE_NUMBER, Context, Row, is_none, of_kind


def _no_index(failure: Failure, match: re.Match[str], known: Context) -> str:
    inside = re.search(r"\[([^\[\]]*)\]$", failure.piece) or re.search(r"\[(.*)\]", failure.piece)
    places = [place.strip() for place in inside[1].split(",")] if inside else []
    held = dict(failure.holds)
    has_vocabulary = "vocabulary" in (*known.arguments, *held)
    number = " vocabulary[word] is the number of a word's column." if has_vocabulary else ""
    before = re.findall(r"([A-Za-z_]\w*)\[", failure.piece)
    texts = [name for name in before if held.get(name, "").startswith("a text")]
    if failure.message.startswith("string indices") and texts:
        return (
            f"{texts[0]} is a text here, not an array. Whoever goes through a dict gets its keys; its values"
            " are taken by key, or with .values()."
        )
    for place in places:
        if held.get(place) in ("a text", "a float"):
            more = number if held[place] == "a text" else ""
            return f"{place} is {held[place]}, and an index must be a whole number.{more}"
        if len(places) == 1 and held.get(place, "").startswith("a tuple"):
            return (
                f"{place} is {held[place]}, and an index must be a whole number. Does {place} come from"
                f" enumerate(…) or zip(…)? They give several things at a time: for {place}, entry in"
                " enumerate(…) takes them apart."
            )
    of_texts = any(place[:1] in ("'", '"') or held.get(place, "").startswith("a list") for place in places)
    more = number if of_texts else ""
    return f"An index must be a whole number, or a list of whole numbers.{more}"


def _out_of_bounds(failure: Failure, match: re.Match[str], known: Context) -> str:
    asked, axis, size = int(match[1]), match[2], int(match[3])
    places = {0: "are no places", 1: "is one place, 0"}.get(size, f"are {size} places, from 0 to {size - 1}")
    return f"Counting begins at 0: along axis {axis} there {places}. You ask for {asked}."


def _too_many_indices(failure: Failure, match: re.Match[str], known: Context) -> str:
    axes, asked = match[1], match[2]
    have = {"0": "is a single number and has no axes", "1": "has one axis"}.get(axes, f"has {axes} axes")
    return (
        f"The array {have}, and you give it {asked} {'place' if asked == '1' else 'places'} in the brackets."
    )


def _unhashable(failure: Failure, match: re.Match[str], known: Context) -> str:
    if re.search(r"\bset\(|\.add\(", failure.piece):
        return (
            "A set holds things that cannot change, such as numbers, texts and tuples. Here it is to hold"
            f" {of_kind(match[1])}."
        )
    return (
        f"A dict is asked for one key at a time, and here it is asked for {of_kind(match[1])}. Go through its"
        " entries one by one."
    )


def _missing_key(failure: Failure, match: re.Match[str], known: Context) -> str:
    if match[0].startswith("("):
        return (
            "A dict is asked for one key at a time, and here it is asked for several at once. Take them one"
            " by one."
        )
    counts = " Capitals and quotes count." if match[0][0] in "\"'" else ""
    return f"The dict has no key {match[0]}. Which keys has it?{counts}"


def _not_subscriptable(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind = match[1]
    if re.fullmatch(NUMBER_TYPES, kind):
        return ONE_NUMBER
    if kind in FUNCTION_TYPES:
        return "What stands before the square brackets is a function: it is called with round ones."
    if kind == "NoneType":
        return is_none(failure, "What stands before the square brackets")
    return ""


def _not_written(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind = match[1]
    if kind == "NoneType":
        return is_none(failure, "What stands before the square brackets")
    if kind in FUNCTION_TYPES:
        return "What stands before the square brackets is a function, which cannot be written into."
    adds = " It takes one more with .add(…)." if kind == "set" else ""
    return (
        f"What stands before the square brackets is {of_kind(kind)}, which cannot be written into so.{adds}"
    )


def _no_attribute(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind, name = match[1], match[2]
    if kind == "tuple" and hasattr(list, name):
        return f"A tuple cannot be changed, so it has no .{name}; a list has. list(…) makes one of it."
    if kind in ("list", "tuple") and hasattr(np.ndarray, name):
        return f"A {kind} has no .{name}; an array has. np.array(…) makes an array of it."
    if re.fullmatch(NUMBER_TYPES, kind):
        return f"What stands before .{name} is a single number, which has no .{name}."
    if kind == "NoneType":
        return is_none(failure, f"What stands before .{name}")
    if kind == "numpy.ndarray" and name == "value":
        return "An array is its numbers already: it needs no .value, which nodes of the graph have."
    if kind == "numpy.ndarray" and name in NUMPYS:
        return f"{name} is not a method of arrays but a function of NumPy: np.{name}(…)."
    made = {"append": "list", "add": "set", "extend": "list", "insert": "list"}.get(name)
    if made and kind in ("set", "dict", "list", "numpy.ndarray"):
        own = {
            "set": "A set takes one more with .add(…).",
            "list": "A list takes one more with .append(…).",
            "dict": "A dict takes one more with d[key] = value.",
            "numpy.ndarray": "An array keeps its length: collect in a list, and make an array of it then.",
        }[kind]
        return f".{name} belongs to a {made}, and this is {of_kind(kind)}. {own}"
    if kind in ("list", "tuple") and name in ("split", "lower", "strip"):
        return f".{name} belongs to a text, and this is a {kind}. Are the texts, its entries, what is meant?"
    if kind == "dict" and hasattr(list, name):
        return f".{name} belongs to lists, and this is a dict. The value of a key is d[key]."
    if kind == "numpy.ndarray" and name == "index":
        return (
            ".index belongs to lists, and this is an array. Where the largest entry stands is said by"
            " np.argmax(…)."
        )
    if kind == "numpy.ndarray" and name in (*known.arguments, *(held for held, _ in failure.holds)):
        return (
            f"{name} is a name of its own, and no part of the array before the point. Which sign joins the"
            " two: *, + or @?"
        )
    if kind == "numpy.ndarray":
        near = difflib.get_close_matches(name, dir(np.ndarray), n=1, cutoff=0.66)
        return f"An array has no .{name}.{f' Is .{near[0]} meant?' if near else ''}"
    if kind in ("tuple", "list") and name in ("parents", "value", "vjp"):
        return (
            f"What stands before .{name} is a {kind} of nodes, and .{name} belongs to one node. Go through"
            " them one by one."
        )
    if failure.part == f"self.{name}":
        return (
            f"The object has no {name}. Does a line of __init__ give it one, self.{name} = …, and is __init__"
            " written with two underscores on both sides?"
        )
    if kind == "dict":
        return f'An entry of a dict is taken with square brackets and quotes: ["{name}"].'
    return ""


def _made_of_what_is_later(failure: Failure) -> str:
    """Say that NumPy takes a generator, a map or a zip as one thing; "" if none stands there."""
    held = {name: what for name, what in failure.holds if what in ("a generator", "a map", "a zip")}
    named = next((name for name in held if re.search(rf"\b{re.escape(name)}\b", failure.piece)), "")
    if not named and not re.search(r"\(\(.* for .* in ", failure.piece):
        return ""
    what = f"{named} is {held[named]}" if named else "Round brackets with a for in them make a generator"
    return (
        f"{what}, and NumPy takes that as one thing, without axes. list(…) makes a list of it, and so do"
        " square brackets around a for."
    )


ROWS: tuple[Row, ...] = (
    ("IndexError", r"only integers, slices|arrays used as indices must be", _no_index),
    (
        "TypeError",
        r"(?:list|tuple) indices must be integers or slices, not tuple",
        lambda failure, match, known: (
            "A list has no axes: [row, column] is for arrays. np.array(…) makes an array of it."
            if re.search(r"\[[^\[\]]*,[^\[\]]*\]$", failure.piece)
            else _no_index(failure, match, known)
        ),
    ),
    ("TypeError", r"indices must be integers", _no_index),
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _out_of_bounds),
    (
        "IndexError",
        r"list assignment index out of range",
        "A list has only the places that were put into it: an empty one has none to write to. .append(…) puts"
        " one more at its end.",
    ),
    (
        "IndexError",
        r"(?:list|tuple|string) index out of range",
        "Counting begins at 0: of n entries the last is number n − 1.",
    ),
    ("IndexError", r"array is (\d+)-dimensional, but (\d+) were indexed", _too_many_indices),
    (
        "IndexError",
        r"invalid index to scalar variable",
        lambda failure, match, known: ONE_NUMBER if "[" in failure.text else "",
    ),
    (
        "IndexError",
        r"pop from (?:an )?empty",
        "There is nothing left to be taken out. What should end the loop before that, as while stack: does?",
    ),
    (
        "RuntimeError",
        r"(?:dictionary|Set) changed size during iteration|dictionary keys changed during iteration",
        "The loop goes through the very thing that it puts something into, or takes out of. list(…) around it"
        " makes a copy to go through.",
    ),
    ("TypeError", r"unhashable type: '([\w.]+)'", _unhashable),
    ("KeyError", r".+", _missing_key),
    ("TypeError", r"'([^']+)' object is not subscriptable", _not_subscriptable),
    ("TypeError", r"'([^']+)' object does not support item assignment", _not_written),
    ("AttributeError", r"'([\w.]+)' object has no attribute '(\w+)'", _no_attribute),
    (
        "AxisError",
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        lambda failure, match, known: (
            _made_of_what_is_later(failure)
            or (
                f"The array has {match[2]} ax{'is' if match[2] == '1' else 'es'}, counted from 0, and you ask"
                f" for axis {match[1]}."
            )
        ),
    ),
    (
        "ValueError",
        r"read-only",
        "This array can be read but not written into. A copy can: array.copy(), or calculate a new array.",
    ),
)
