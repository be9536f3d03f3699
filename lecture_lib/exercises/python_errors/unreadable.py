"""A line that Python cannot read."""

from __future__ import annotations

from .rows import Row

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
    (
        "SyntaxError",
        r"invalid (?:non-printable )?character",
        "There is a character that Python does not read, such as the long minus − or a typeset quote. Type"
        " it anew.",
    ),
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
        r"",
        "Python cannot read this line. Is a sign, a bracket or a colon missing in it, or just before?",
    ),
)
