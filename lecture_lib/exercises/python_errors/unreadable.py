"""A line that Python cannot read."""

import keyword
import re

from ..answer import Failure
from .rows import Context, Row

_WORDS = frozenset(keyword.kwlist)


def _character(failure: Failure, match: re.Match[str], known: Context) -> str:
    signs = {"²": "**2", "³": "**3", "·": "*", "×": "*", "÷": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">="}
    found = re.search(r"invalid character '(.)'", failure.message)
    if found and found[1] in signs:
        return f"Python does not read the character {found[1]}. Write {signs[found[1]]} in its place."
    return (
        "There is a character that Python does not read, such as the long minus − or a typeset quote. Type"
        " it anew."
    )


def _any_line(failure: Failure, match: re.Match[str], known: Context) -> str:
    text = re.sub(r"(\"[^\"]*\"|'[^']*')", '""', failure.text)
    if re.search(r"\([^()]*;", text):
        return "; ends a statement. The entries of a tuple or a list have a comma between them."
    if re.search(r"\[\s*\w+\s+for\b.*\bin\b", text) and re.search(r"\w\s*\[\s*\w+\s+for\b", text):
        return (
            "In the brackets behind a name there is one key or place. To take several, write the whole lookup"
            " before for: [d[k] for k in keys]."
        )
    if re.match(r"\s*return\b[^\[({]*\bfor\b|\s*return\b.*[\])]\s*(?:[-+*/]\s*[\w.()]+\s*)?for\b", text):
        return "A for within a line needs brackets around all of it: [… for x in xs]."
    pairs = re.finditer(r"([\w.]+|[\])])\s+(?=([A-Za-z_]\w*|\d))", text)
    beside = next(
        (p for p in pairs if p[1] not in _WORDS and p[2] not in _WORDS and not p[1].startswith(".")), None
    )
    if beside is not None:
        left = f"the {beside[1]}" if beside[1] in "])" else beside[1]
        return f"There is no sign between {left} and {beside[2]}. Is it a comma, or * for a product?"
    return "Python cannot read this line. Is a sign, a bracket or a colon missing in it, or just before?"


ROWS: tuple[Row, ...] = (
    ("SyntaxError", r"expected ':'", "A colon is missing: a line with def, for, if or else ends with one."),
    ("SyntaxError", r"was never closed", "A bracket is opened in this line and never closed."),
    ("SyntaxError", r"unmatched", "A bracket is closed that was not opened."),
    ("SyntaxError", r"unterminated string", "A quote is missing at the end of a text."),
    (
        "SyntaxError",
        r"forgot a comma",
        "Two things stand beside each other with no sign between. Is it a comma, or * ?",
    ),
    (
        "SyntaxError",
        r"invalid decimal literal",
        "A number and a name stand side by side. A product needs its sign: 2 * x.",
    ),
    ("SyntaxError", r"invalid (?:non-printable )?character", _character),
    ("SyntaxError", r"Maybe you meant '=='", "= gives a name a value; to compare, write ==."),
    ("SyntaxError", r"cannot assign to", "To the left of = there must be a name, or an entry such as a[0]."),
    (
        "SyntaxError",
        r"'return' outside function",
        "This return is not indented, and so it is not in a function.",
    ),
    (
        "IndentationError",
        r"expected an indented block",
        "The lines that belong to def, for or if stand further to the right.",
    ),
    (
        "IndentationError TabError",
        r"unexpected indent|unindent|inconsistent",
        "This line begins further to the left or right than its neighbours. Lines that belong together"
        " begin alike.",
    ),
    (
        "SyntaxError",
        r"expected 'else' after 'if'",
        "An if within a line needs its else: a if question else b.",
    ),
    (
        "SyntaxError",
        r"positional argument follows keyword",
        "Arguments with a name and = stand last. Does a comma end the lambda too early? Put its result into"
        " brackets.",
    ),
    ("SyntaxError", r"", _any_line),
)
