"""The examples of docs/explorers.md run as they stand there, one after the other."""

import re

import ipywidgets

import lecture_lib as ll
from lecture_lib.explore import Explorer
from solutions import build

PAGE = (build.ROOT / "docs" / "explorers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_pages_examples_run_and_show_what_the_page_says(capsys):
    names = {"ll": ll}
    shown = []
    for block in BLOCKS:
        *lines, last = block.strip().rsplit("\n", 1)
        exec("\n".join(lines), names)
        shown.append(eval(last, names))
    own, graph, box = shown
    assert isinstance(own, Explorer)
    assert own.answer({"at": [30], "want": "picture"})["html"] != own.show().html
    assert [control.label for control in graph.controls[1:]] == [
        "W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "x[0]", "x[1]", "b"
    ]  # fmt: skip
    assert isinstance(box, ipywidgets.HBox)
    names["mine"].value = 2.0
    assert names["explorer"].state == {"step": 7, "w": 2.0, "x": 1.5}
    assert capsys.readouterr().out == "w was 0.5\n"


def test_ones_own_explorer_is_five_lines():
    lines = [line for line in BLOCKS[0].splitlines() if line.strip()]
    assert len(lines) == 5
