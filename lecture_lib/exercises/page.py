"""How things are shown: plain text for a terminal and a screen reader, HTML for a notebook.

The HTML takes the notebook's own text colour, so it reads on a light and on a dark page; a colour
at the edge repeats what the words say and is never alone. No scripts. Everything is escaped.
"""

from collections.abc import Sequence
from html import escape

from lecture_lib.common import TableStyle, Text

COLOURS = {
    "passed": "#0072B2",
    "right": "#0072B2",
    "not yet": "#B84A00",
    "error": "#B84A00",
    "not attempted": "#767676",
    "": "#767676",
}
TABLE = TableStyle(
    table='style="margin: 4px 0"',
    caption='style="text-align: left; white-space: nowrap"',
    cell='style="text-align: left; padding: 2px 12px 2px 0"',
)
SIGNS = {"passed": "✓", "right": "✓", "not yet": "○", "error": "✗", "not attempted": "–"}


def card(state: str, heading: str, blocks: Sequence[str]) -> str:
    """Put blocks of HTML beneath a heading (text, escaped here) on a card edged in the state's colour."""
    sign = f'<span aria-hidden="true">{SIGNS[state]}</span> ' if state in SIGNS else ""
    return (
        f'<div style="border-left: 4px solid {COLOURS[state]}; padding: 2px 0 2px 12px; margin: 4px 0">'
        f"<div>{sign}<strong>{escape(heading)}</strong></div>{''.join(blocks)}</div>"
    )


def said(state: str, heading: str, text: str) -> Text:
    """A heading and a paragraph, as a card in a notebook and as lines elsewhere."""
    return Text(card(state, heading, [paragraph(text)]), f"{heading}\n  {text}")


def paragraph(text: str) -> str:
    """Text -> a paragraph."""
    return f'<p style="margin: 4px 0">{escape(text)}</p>'


def standing_out(text: str) -> str:
    """Text -> a paragraph that is seen before the others."""
    return (
        '<p style="margin: 6px 0; padding: 4px 8px; border: 1px solid currentColor; border-radius: 4px;'
        f' font-weight: 600">{escape(text)}</p>'
    )


def details(title: str, blocks: Sequence[str]) -> str:
    """Put blocks of HTML beneath a title that opens and closes them."""
    return f'<details style="margin: 4px 0"><summary>{escape(title)}</summary>{"".join(blocks)}</details>'


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
