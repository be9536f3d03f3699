"""A notebook's file as cells, whatever its age and state; nothing in it is run here."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from ..frames import clean

MOST_BYTES = 50_000_000
MOST_CELLS = 2_000
MOST_ENTRIES = 5_000_000
"""Of commas, and of brackets by what they cost: all brackets take a hundred times their length of memory."""
MOST_SOURCE, MOST_OF_ALL = 400_000, 2_000_000
"""Letters of one code cell, and of all together: with more, each keeps an even share of these at most."""
CUT = "of them were read and run."
MARK = "exercise-"
_AGAIN = "Ask the student to hand in the notebook again, as JupyterLab saves it."
_CLEAR = (
    "Ask the student to clear the outputs (Kernel, Restart kernel and clear outputs) and to hand in again."
)


class Unreadable(Exception):
    """The file is no notebook that can be graded; the message tells an instructor why."""


class Cell(NamedTuple):
    """One cell.

    Attributes
    ----------
    number
        Its place among the notebook's cells, from 1.
    kind
        "code", "markdown", "raw", or that it is none of these.
    source
        Its text.
    exercise
        The id of the exercise that it is marked with, "" if it is not marked.
    """

    number: int
    kind: str
    source: str
    exercise: str


@dataclass(frozen=True)
class Notebook:
    """The cells, and what an instructor should know of the file."""

    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()


def read_notebook(content: bytes) -> Notebook:
    """A file's bytes -> the notebook.

    Raises
    ------
    Unreadable
        If it is no notebook.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(too_large(len(content)))
    if not content or content.isspace():
        raise Unreadable(f"The file is empty. {_AGAIN}")
    text, encoding = decoded(content)
    notes = [] if encoding == "utf-8-sig" else [f"The file is written in {encoding}, not in UTF-8."]
    # A letter counts for 10 at most, so most files are too short to be counted.
    if 10 * len(content) > MOST_ENTRIES and _entries(content) > MOST_ENTRIES:
        raise Unreadable(f"The file has too many entries for a notebook. {_CLEAR}")
    try:
        found = _json(text)
    except RecursionError:
        raise Unreadable(f"The file is nested too deeply for a notebook. {_AGAIN}") from None
    except json.JSONDecodeError as error:
        raise Unreadable(_not_json(text, error)) from None
    if not isinstance(found, dict):
        raise Unreadable(
            f"The file is JSON, but not a notebook: its outermost part is not an object. {_AGAIN}"
        )
    notebook = cast("dict[str, Any]", found)
    cells, age = _raw_cells(notebook)
    notes += age
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells):,} cells; {MOST_CELLS:,} are the most. {_AGAIN}")
    if not cells:
        raise Unreadable(f"The notebook has no cells. {_AGAIN}")
    read = [_cell(number, raw) for number, raw in enumerate(cells, 1)]
    whole = sum(len(cell.source) for cell in read if cell.kind == "code")
    most = MOST_SOURCE if whole <= MOST_OF_ALL else min(MOST_SOURCE, MOST_OF_ALL // len(read))
    return Notebook(tuple(_cut(cell, most, notes) for cell in read), tuple(notes))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a whole number of more digits than Python makes an int of
        return json.loads(text, parse_int=float)


def _entries(content: bytes) -> int:
    return content.count(b",") + 3 * content.count(b"[") + 10 * content.count(b"{")


def too_large(size: int) -> str:
    """Say that a file of so many bytes is too large."""
    return f"The file has {size / 1e6:,.0f} MB; {MOST_BYTES // 1_000_000} MB are the most. {_CLEAR}"


def decoded(content: bytes) -> tuple[str, str]:
    """A file's bytes -> its text, and the name of its encoding; Unreadable if that is none of the usual."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        names = ["utf-16"]
    else:
        names = ["utf-8-sig", "cp1252", "latin-1"]
    for name in names:
        try:
            return content.decode(name), name
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"The file's encoding is unknown; a notebook is written in UTF-8. {_AGAIN}")


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    where = f" (line {error.lineno})"
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html")):
        what = "It is a web page: perhaps the notebook was exported, or the page of a login saved."
    elif start.startswith("%pdf"):
        what = "It is a PDF."
    elif text.startswith(("PK\x03\x04", "\x1f\x8b", "\x1f\u2039")):
        what = "It is packed, as a zip is."
    elif start.startswith("{"):
        what = f"It begins as one, but is damaged or cut short{where}."
    else:
        what = f"It is not JSON{where}."
    return f"The file is not a notebook. {what} Ask the student to hand in the .ipynb file itself."


def _raw_cells(notebook: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """Return the cells and a note on the format, for notebooks of Jupyter and of IPython before it."""
    cells = notebook.get("cells")
    if isinstance(cells, list):
        version = notebook.get("nbformat")
        known = str(version).removesuffix(".0") in ("1", "2", "3", "4")
        note = [] if known else [f"The notebook says that its format is {clean(str(version), 20)}, not 4."]
        return cast("list[Any]", cells), note
    worksheets = notebook.get("worksheets")
    if isinstance(worksheets, list):
        found = [
            cast("dict[str, Any]", sheet).get("cells")
            for sheet in cast("list[Any]", worksheets)
            if isinstance(sheet, dict)
        ]
        old = [cell for own in found if isinstance(own, list) for cell in cast("list[Any]", own)]
        return old, ["The notebook was saved in the format of an older Jupyter (3)."]
    raise Unreadable(f"The file is JSON, but not a notebook: it has no list of cells. {_AGAIN}")


def _cell(number: int, raw: Any) -> Cell:
    found = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
    source = _text(found.get("source", found.get("input", "")))
    kind = found.get("cell_type")
    known = kind if kind in ("code", "markdown", "raw") else "a cell of an unknown type"
    return Cell(number, known, source, _mark(found))


def _cut(cell: Cell, most: int, notes: list[str]) -> Cell:
    if cell.kind != "code" or len(cell.source) <= most:
        return cell
    notes.append(f"Cell {cell.number} has {len(cell.source):,} letters. Only the first {most:,} {CUT}")
    return cell._replace(source=cell.source[:most])


def is_cut(note: str) -> bool:
    """Whether a note says that something of the notebook was not read."""
    return note.endswith(CUT)


def _text(source: Any) -> str:
    if isinstance(source, str):
        text = source
    elif isinstance(source, list):
        text = "".join(line for line in cast("list[Any]", source) if isinstance(line, str))
    else:
        text = ""
    if not text.isascii():  # half a letter cannot be written anywhere
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mark(found: dict[str, Any]) -> str:
    metadata = found.get("metadata")
    lecture = cast("dict[str, Any]", metadata).get("lecture") if isinstance(metadata, dict) else None
    marked = cast("dict[str, Any]", lecture).get("exercise") if isinstance(lecture, dict) else None
    if isinstance(marked, str):
        return clean(marked, 60)
    id = found.get("id")
    return clean(id.removeprefix(MARK), 60) if isinstance(id, str) and id.startswith(MARK) else ""
