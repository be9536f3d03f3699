"""Words and entries beside a picture."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lecture_lib.common import Table, TableStyle, Text, lowered

TABULAR = 'style="font-variant-numeric:tabular-nums;border-collapse:collapse;margin:0.4em 0"'


def said_in_text(words: str) -> Text:
    """A paragraph of words, which a screen reader reads out first."""
    return Text(f"<p>{escape(words)}</p>", words)


def entries(caption: str, rows: Sequence[Sequence[str]]) -> Table:
    """A matrix entry by entry, a row for each output and a column for each input.

    Examples
    --------
    >>> print(entries("d_W", [["1", "2"]]))
    d_W
              x₁  x₂
    output 1  1   2
    """
    head = ["", *(f"x{lowered(str(j))}" for j in range(1, 1 + max(map(len, rows))))]
    body = [[f"output {i}", *row] for i, row in enumerate(rows, 1)]
    cell = 'style="padding:0.3em 0.9em;text-align:right;border:1px solid #B9C3CC"'
    return Table(caption, head, body, TableStyle(table=TABULAR, cell=cell))


def beside(*tables: Table) -> Text:
    """Tables side by side, one below the other where there is no room."""
    html = "".join(f"<div>{table.html}</div>" for table in tables)
    words = "\n\n".join(table.words for table in tables)
    return Text(f'<div style="display:flex;flex-wrap:wrap;gap:0 3em">{html}</div>', words)
