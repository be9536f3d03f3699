"""A table: rows of text beneath a head, as HTML and as aligned lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .showing import Shown

LEFT = 'style="text-align:left"'
COLUMN, ROW = 'scope="col"', 'scope="row"'


class Html(str):
    """A cell that is HTML already, such as a link; any other text is escaped.

    `words` is what it says in plain text.
    """

    words: str

    def __new__(cls, html: str, words: str) -> Html:
        """Put the two together."""
        cell = super().__new__(cls, html)
        cell.words = words
        return cell


@dataclass(frozen=True)
class TableStyle:
    """The attributes of a table's elements. No colours: it is read in light and in dark themes."""

    table: str = ""
    caption: str = LEFT
    cell: str | tuple[str, ...] = LEFT
    """The same for each cell, or one for each column."""


@dataclass(frozen=True, repr=False)
class Table(Shown):
    """A table with a caption and headed rows and columns: the first cell of a row is its head.

    Examples
    --------
    >>> print(Table("Sides", ["shape", "sides"], [["square", "4"], ["hexagon", "6"]]))
    Sides
    shape    sides
    square   4
    hexagon  6
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    style: TableStyle = TableStyle()

    @property
    def html(self) -> str:
        """The table as HTML."""
        style, cells = self.style, self.style.cell
        each = [cells] * len(self.head) if isinstance(cells, str) else cells
        columns = "".join(
            # a head that says nothing would be read out as an empty head
            _element("th", COLUMN, at, cell) if cell else "<td></td>"
            for at, cell in zip(each, self.head, strict=True)
        )
        body = "".join(
            f"<tr>{_element('th', ROW, each[0], row[0])}"
            + "".join(_element("td", at, cell) for at, cell in zip(each[1:], row[1:], strict=True))
            + "</tr>"
            for row in self.rows
        )
        caption = _element("caption", style.caption, self.caption) if self.caption else ""
        start = f"<table {style.table}>" if style.table else "<table>"
        return f"{start}{caption}<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"

    @property
    def words(self) -> str:
        """The table as lines of aligned columns."""
        lines = aligned([self.head, *self.rows])
        return f"{self.caption}\n{lines}" if self.caption else lines


def aligned(rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """Rows of text -> lines whose columns stand below each other.

    >>> print(aligned([["h", "0.39"], ["loss", "0.86"]]))
    h     0.39
    loss  0.86
    """
    said = [[cell.words if isinstance(cell, Html) else cell for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*said, strict=True)]
    return "\n".join(
        (indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in said
    )


def _element(name: str, *parts: str) -> str:
    """An element of HTML: its name, its attributes, and last what is in it."""
    *attributes, content = parts
    start = " ".join([name, *filter(None, attributes)])
    written = content if isinstance(content, Html) else escape(content).replace(" × 10", "\u00a0×\u00a010")
    return f"<{start}>{written}</{name}>"  # a number is not broken at the end of a line


class Tabled(Shown):
    """Displays what is shown as a table: its `table` says which."""

    @property
    def table(self) -> Table:
        """The table that is shown."""
        raise NotImplementedError

    @property
    def html(self) -> str:
        """The table as HTML."""
        return self.table.html

    @property
    def words(self) -> str:
        """The table in plain text."""
        return self.table.words
