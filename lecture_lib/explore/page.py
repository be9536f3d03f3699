"""What moves on a page without Python: its pictures are carried along.

    LECTURE_PAGES=1 jupyter nbconvert --execute --to html notebook.ipynb

The pictures of an explorer repeat most of one another. So each tag is carried once, a picture is a list of
their numbers, and all is compressed; the browser puts it together again. What would be heavier than
`MOST_BYTES` stays still, and says where it moves.
"""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

MOST_STATES = 150
MOST_BYTES = 250_000
"""Of what is carried for one explorer, compressed and in base64: as much as one photograph."""

HERE = Path(__file__).parent
IMAGE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
TAG = re.compile(r"(?<=>)(?=<)")
RUN_IT = re.compile(r"Run this cell to [^<]*")
ELSEWHERE = "It moves in the notebook, where Python runs."
HERE_IT_MOVES = "Here it moves in a browser with JavaScript."


def moving(still: str, carried: dict[str, Any] | None) -> str:
    """What is still, and after it what moves, if that is carried and does not weigh too much."""
    pack = packed(carried) if carried else ""
    if not pack or len(pack) > MOST_BYTES:
        return RUN_IT.sub(ELSEWHERE, still)
    style = (HERE / "explorer.css").read_text(encoding="utf-8")
    return (
        f"{RUN_IT.sub(HERE_IT_MOVES, still)}\n<style>{style}</style>\n"
        f'<div class="ll-page" data-pack="{pack}"></div>\n<script type="module">\n{_script()}\n</script>'
    )


def packed(carried: dict[str, Any]) -> str:
    """Pictures as numbers of tags, compressed, in base64; the same bytes for the same pictures."""
    tags: dict[str, int] = {}

    def numbered(text: str) -> list[int]:
        return [tags.setdefault(tag, len(tags)) for tag in TAG.split(text)]

    images: list[list[int]] = []

    def image(found: re.Match[str]) -> str:
        images.append(numbered(base64.b64decode(found[1]).decode()))
        return f"image:{len(images) - 1}"

    answers = [
        answer | {"html": numbered(IMAGE.sub(image, answer["html"]))} for answer in carried.get("answers", [])
    ]
    whole = carried | {"answers": answers, "images": images, "tags": list(tags)}
    written = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(written.encode(), mtime=0)).decode()


def _script() -> str:
    """The modules that move it in a notebook, and a model that answers in Python's place."""
    names = ("shared.js", "controls.js", "drawings.js", "explorer.js", "questions.js", "page.js")
    modules = [(HERE / name).read_text(encoding="utf-8") for name in names]
    return "".join(module.replace("export default ", "void ") for module in modules)
