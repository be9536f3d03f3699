"""Draws the pictures that README shows: docs/duck_goose.svg, and docs/neuron.svg, from README's own example.

    python -m tools.front_page

What is seen is put into words for README too. Same library, same example: same pictures.
"""

from __future__ import annotations

import re

import lecture_lib as ll
from tools.imports import ROOT

PAPER = ROOT / "README.md"


def example(paper: str) -> dict[str, object]:
    """Run README's example, and return its names."""
    names: dict[str, object] = {}
    exec(re.search(r"^```python\n(.*?)^```", paper, re.MULTILINE | re.DOTALL)[1], names)
    return names


def pictures(paper: str) -> dict[str, ll.Picture]:
    """Draw each picture, by the name of its file."""
    lecture = ll.backward(ll.sentence_graph(ll.duck_goose())["loss"])
    return {"duck_goose": ll.graph(lecture, layers=ll.LAYERS), "neuron": ll.graph(example(paper)["record"])}


def with_words(paper: str, drawn: dict[str, ll.Picture]) -> str:
    """Put what is seen into the text that shows the pictures."""
    for name, picture in drawn.items():
        words = (
            "; ".join(line.rstrip(".") for line in picture.words.splitlines())
            .replace("[", "(")
            .replace("]", ")")
        )
        paper = re.sub(rf"!\[[^]]*\]\(docs/{name}\.svg\)", f"![{words}](docs/{name}.svg)", paper)
    return paper


if __name__ == "__main__":
    text = PAPER.read_text(encoding="utf-8")
    drawn = pictures(text)
    for name, picture in drawn.items():
        (ROOT / "docs" / f"{name}.svg").write_text(picture.svg, encoding="utf-8", newline="\n")
    PAPER.write_text(with_words(text, drawn), encoding="utf-8", newline="\n")
