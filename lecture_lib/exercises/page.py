"""How things are shown: plain text for a terminal and a screen reader, HTML for a notebook.

The HTML takes the notebook's own text colour, so it reads on a light and on a dark page; a colour
at the edge repeats what the words say and is never alone. No scripts. Everything is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

COLOURS = {
    "passed": "#0072B2",
    "right": "#0072B2",
    "not yet": "#B84A00",
    "error": "#B84A00",
    "not attempted": "#767676",
    "": "#767676",
}
SIGNS = {"passed": "✓", "right": "✓", "not yet": "○", "error": "✗", "not attempted": "–"}


@dataclass(frozen=True)
class Shown:
    """Something to show: `words` in plain text and `html`. A notebook picks what it can show."""

    words: str
    html: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.words}

    def __repr__(self) -> str:
        return self.words

    def __str__(self) -> str:
        return self.words


def card(state: str, heading: str, blocks: Sequence[str]) -> str:
    """Put blocks of HTML beneath a heading (text, escaped here) on a card edged in the state's colour."""
    sign = f'<span aria-hidden="true">{SIGNS[state]}</span> ' if state in SIGNS else ""
    return (
        f'<div style="border-left: 4px solid {COLOURS[state]}; padding: 2px 0 2px 12px; margin: 4px 0">'
        f"<div>{sign}<strong>{escape(heading)}</strong></div>{''.join(blocks)}</div>"
    )


def paragraph(text: str) -> str:
    """Text -> a paragraph."""
    return f'<p style="margin: 4px 0">{escape(text)}</p>'


def code(text: str) -> str:
    """Text -> a line of code."""
    return f'<p style="margin: 4px 0"><code>{escape(text)}</code></p>'


def bullets(items: Sequence[str]) -> str:
    """Pieces of HTML -> a list."""
    return (
        '<ul style="margin: 4px 0; padding-left: 20px; list-style: none">'
        + "".join(f"<li>{item}</li>" for item in items)
        + "</ul>"
    )


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text in rows -> a table; the first cell of a row is its header."""
    style = 'style="text-align: left; padding: 2px 12px 2px 0"'
    head = "".join(f'<th scope="col" {style}>{escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr><th scope="row" {style}>{escape(row[0])}</th>'
        + "".join(f"<td {style}>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        '<table style="margin: 4px 0">'
        f'<caption style="text-align: left; white-space: nowrap">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def columns(rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """Text in rows -> lines of aligned columns."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        (indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in rows
    )
