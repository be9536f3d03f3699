"""A sign between two things that do not go together: their types, or their shapes."""

import re

from ..answer import Failure
from .rows import FUNCTION_TYPES, NUMBER_TYPES, Context, Row, found, is_none, of_kind, what_gave_none

_A_TEXT = "One of the two sides is a text. A number has no quotes, and a word must become a number first."
_A_FUNCTION = "One of the two sides is a function itself. Call it, with brackets and its arguments."
_POWER = "In Python ^ is not a power. A power is written **, as in e**2."
_TEXT_AMONG_NUMBERS = "There is a text among the numbers of this line. A number has no quotes."
_CHANGES_KIND = (
    "The array on the left holds whole numbers, and an assignment such as += cannot put decimals into it."
    " Start with floats, such as np.zeros(…)."
)


def _joined(failure: Failure, other: str) -> str:
    """Say how a text is joined to what is none, where words stand in quotes, or something is printed."""
    without_keys = re.sub(r"\[\s*([\"']).*?\1\s*\]", "", failure.piece)
    quoted = [text for _, text in re.findall(r"([\"'])(.*?)\1", without_keys)]
    words = any(not re.fullmatch(r"[-+.\d]*", text) for text in quoted)
    longer = re.match(r"(\w+)\s*\+=", failure.piece)
    adds_to_a_text = longer is not None and dict(failure.holds).get(longer[1]) == "a text"
    printed = re.match(r"print\(", failure.text)
    if not (words or adds_to_a_text or (printed and not quoted)):
        return _A_TEXT
    sides = failure.part.split(" + ")
    alone = len(sides) == 2 and f"print({failure.part})" in failure.text
    both = f": print({', '.join(sides)})" if alone else ""
    comma = f" print takes both with a comma between them{both}." if printed else ""
    return (
        f"+ joins a text to another text, and one side is {other}.{comma} str(…) makes a text of it, and an"
        ' f-string takes it in braces: f"a = {a}".'
    )


def _text_among_numbers(failure: Failure, match: re.Match[str], known: Context) -> str:
    if "'add'" in failure.message and (said := _joined(failure, "an array")) != _A_TEXT:
        return said
    return _TEXT_AMONG_NUMBERS


def _no_format(failure: Failure, match: re.Match[str], known: Context) -> str:
    what = "None" if match[1] == "NoneType" else of_kind(match[1])
    rounds = " np.round(…, 2) rounds all entries." if match[1] == "numpy.ndarray" else ""
    return (
        f"A format such as :.2f is for one number, and here it is to write {what}. Leave it out, or write one"
        f" entry.{rounds}"
    )


def _other_format(failure: Failure, match: re.Match[str], known: Context) -> str:
    if match[2] == "str":
        return f"The {match[1]} of this format is for numbers, and here it is to write a text. Leave it out."
    kind = {"float": "a float", "int": "a whole number"}.get(match[2], of_kind(match[2]))
    return (
        f"The {match[1]} of this format is not for {kind}: f, as in :.2f, is for any number, d for whole"
        " ones."
    )


def _operands(failure: Failure, match: re.Match[str], known: Context) -> str:
    sign, kinds = match[1].split(" or ")[0].strip(), (match[2], match[3])
    if sign.startswith("^"):
        return _POWER
    if "NoneType" in kinds:
        return what_gave_none(failure, "One of the two sides") or (
            "One of the two sides is None. Is it what a function gave that has no return, or print, which"
            " gives nothing back?"
        )
    if "ellipsis" in kinds:
        return "One of the two sides is still ...: a blank that waits to be filled in."
    if "generator" in kinds:
        return (
            "A comprehension without square brackets has calculated nothing yet. Square brackets around it"
            " make a list, and NumPy reads that."
        )
    if sign.startswith("@") and any(re.fullmatch(NUMBER_TYPES, kind) for kind in kinds):
        return "@ is for arrays. A number is multiplied with *."
    for kind in kinds:
        if kind in FUNCTION_TYPES:
            return _A_FUNCTION
    if "dict" in kinds:
        return "One of the two sides is a dict. Which of its entries is meant? dict[key] takes one."
    if "str" in kinds:
        if re.match(r"sum\(", failure.part):
            return (
                "sum(…) adds up numbers, and here it meets a text. Whoever goes through a dict gets its keys:"
                " sum(d.values()) adds up its values."
            )
        return _joined(failure, of_kind(kinds[kinds[0] == "str"])) if sign.startswith("+") else _A_TEXT
    if "list" in kinds or "tuple" in kinds:
        kind = "list" if "list" in kinds else "tuple"
        return (
            f"A {kind} does not calculate entry by entry: {sign} does not do that for it. np.array(…) makes"
            " an array of it, which does."
        )
    return ""


def _with_one_sign(failure: Failure, match: re.Match[str], known: Context) -> str:
    sign, kind = match[1], match[2]
    if kind == "NoneType":
        return is_none(failure, f"What stands after {sign}")
    if kind in FUNCTION_TYPES:
        return f"What stands after {sign} is a function itself. Call it, with brackets and its arguments."
    makes = " np.array(…) makes an array of it, which has." if kind in ("list", "tuple") else ""
    return f"What stands after {sign} is {of_kind(kind)}, which has no {sign} of its own.{makes}"


def _not_numbers(failure: Failure, match: re.Match[str], known: Context) -> str:
    """Say which name of the line holds texts, where NumPy was to calculate with it."""
    for name, what in failure.holds:
        if what.startswith(("a list", "a text", "a dict", "a tuple")) and re.search(
            rf"\b{name}\b(?!\s*[\[(.])", failure.piece
        ):
            return f"{name} is {what}, and NumPy calculates with numbers. Is its length meant, or one entry?"
    return "NumPy calculates with numbers, and something in this line is none. A name has no quotes."


def _concatenated(failure: Failure, match: re.Match[str], known: Context) -> str:
    kind, other = match[1], match[2]
    if kind == "str" and other == "NoneType":
        return is_none(failure, "One of the two sides")
    if kind == "str":
        return _A_FUNCTION if other in FUNCTION_TYPES else _joined(failure, of_kind(other))
    if other == "str" and failure.text.startswith("print("):
        return _joined(failure, of_kind(kind))
    return (
        f"+ joins a {kind} to another {kind}; it adds nothing entry by entry. np.array(…) makes an array,"
        " which does."
    )


def _shapes(failure: Failure, match: re.Match[str], known: Context) -> str:
    both = tuple(shape.replace(",", ", ").replace(", )", ",)") for shape in match.groups())
    which = _held_arrays(failure, both)
    told = f" Here the shapes are {both[0]} and {both[1]}{': ' if which else ''}{which}."
    if both[0] == "(0,)" and "+=" in failure.piece:
        return (
            "What stands before += has no entries, and what comes after it is an array: the two are added"
            " entry by entry. If it is a list, .append(…) puts an array into it, whole." + told
        )
    if (
        "@" not in failure.piece
        and re.search(r"(?<!\*)\*(?!\*)", failure.piece)
        and "," in "".join(both).replace(",)", ")")
    ):
        return (
            "* multiplies entry by entry and needs the same shape on both sides; @ is the product of a"
            " matrix." + told
        )
    return "Entry by entry, the shapes on both sides must fit." + told


def _inner_sizes(failure: Failure, match: re.Match[str], known: Context) -> str:
    which = _held_arrays(failure)
    told_second_first = re.search(r"size (?P<B>\d+) is different from (?P<A>\d+)", failure.message)
    sizes = told_second_first or re.search(r"(?P<A>\d+) \(dim \d\) != (?P<B>\d+)", failure.message)
    lengths = sizes.group("A", "B") if sizes else ()
    if not all(re.search(rf"\b{size}\b", which) for size in lengths):
        which = ""  # the arrays of these lengths have no name in this line
    told = f" Here they are {' and '.join(lengths)}" if lengths else ""
    told = (
        f"{told}{': ' if told and which else ' Here ' if which else ''}{which}{'.' if told or which else ''}"
    )
    return (
        "For A @ B the last axis of A and the first of B must have the same length, as many columns as there"
        f" are entries in a vector.{told} Are both the right ones, in this order, and is a .T missing or too"
        " many?"
    )


def _held_arrays(failure: Failure, of: tuple[str, ...] = ()) -> str:
    """Say of the names in the piece where it stopped which array each is, if it has one of these shapes.

    They come in the order in which they stand there.
    """
    told = {
        stands.start(): f"{name} has the shape {shape[1]}"
        for name, what in failure.holds
        if (stands := re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.\[(])", failure.piece))
        and (shape := re.search(r"of shape (\(.*\))", what))
        and (not of or shape[1] in of)
    }
    return " and ".join(told[place] for place in sorted(told)[:3])


def _truth(failure: Failure, match: re.Match[str], known: Context) -> str:
    asks = found(r"\b(max|min|sorted|if|elif|while|and|or|not)\b", failure)
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


ROWS: tuple[Row, ...] = (
    ("TypeError", r"operand type\(s\) for ([^:]+): '([^']+)' and '([^']+)'", _operands),
    ("TypeError", r"bad operand type for unary ([-+~]): '([^']+)'", _with_one_sign),
    ("TypeError UFuncTypeError _UFuncNoLoopError", r"ufunc 'bitwise_xor'", _POWER),
    ("TypeError", r"can only concatenate (\w+) \(not \"([^\"]+)\"\)", _concatenated),
    ("TypeError", r"unsupported format string passed to ([\w.]+)\.__format__", _no_format),
    ("ValueError", r"Unknown format code '(.)' for object of type '([\w.]+)'", _other_format),
    (
        "TypeError",
        r"sequence item \d+: expected str instance",
        ".join(…) joins texts, and here it goes through something else. str(…) makes a text of each:"
        ' ", ".join(str(x) for x in xs).',
    ),
    (
        "TypeError",
        r"not (?:enough|all) arguments (?:for format string|converted)",
        "% after a text puts values into its places, such as %d and %.2f, and here there are not as many"
        " values as places.",
    ),
    (
        "TypeError",
        r"can't multiply sequence by non-int",
        "A list, a tuple or a text is not multiplied entry by entry. np.array(…) makes an array of numbers,"
        " which is.",
    ),
    ("ValueError", r"broadcast together with (?:remapped )?shapes (\([^)]*\)) (\([^)]*\))", _shapes),
    ("ValueError", r"mismatch in its core dimension|not aligned", _inner_sizes),
    (
        "ValueError",
        r"does not have enough dimensions",
        lambda failure, match, known: (
            "One of the two sides of @ is a function itself. Call it, with brackets; or is .T meant?"
            if re.search(r"\.transpose\s*(?:@|$)", failure.piece)
            else "One of the two sides of @ is a single number. @ is for arrays; a number is multiplied"
            " with *."
        ),
    ),
    (
        "ValueError",
        r"non-broadcastable output operand",
        "What is added has another shape than what it is added to: += cannot change a shape. Which shape"
        " has each of the two?",
    ),
    ("ValueError", r"truth value of an array", _truth),
    (
        "ValueError",
        r"truth value of an empty array",
        "This array has no entries, so it is neither true nor false. Whether it has any is .size > 0.",
    ),
    ("ValueError", r"could not convert string to float", _TEXT_AMONG_NUMBERS),
    ("UFuncTypeError _UFuncOutputCastingError", r"Cannot cast ufunc", _CHANGES_KIND),
    ("UFuncTypeError _UFuncNoLoopError", r"did not contain a loop", _text_among_numbers),
    ("TypeError", r"ufunc '(\w+)' not supported for the input types", _not_numbers),
    (
        "TypeError",
        r"numpy boolean (?:subtract|negative)",
        "There is a minus before an array of True and False, as a comparison makes it. NumPy has none for"
        " those: 1 * (z > 0) has the numbers 1 and 0 in their place.",
    ),
    (
        "TypeError",
        r"'([<>]=?)' not supported between instances of '([\w.]+)' and '([\w.]+)'",
        lambda failure, match, known: (
            _A_FUNCTION
            if match[2] in FUNCTION_TYPES or match[3] in FUNCTION_TYPES
            else f"Python cannot say which of these two is the smaller one: they have no order ({match[1]})."
        ),
    ),
    ("ZeroDivisionError", r"", "Here something is divided by 0. On which input is it 0, and should it be?"),
)
