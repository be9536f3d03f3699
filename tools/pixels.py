"""Pixels of chosen pictures, to see what a change does to them: `make pixels` takes them anew.

They stand in tests/browser/pixels. A test takes each picture again and compares it: no more than TOLERANCE of
its pixels may differ, each by more than SHADE of 255, so that another Chromium's smoothing of edges passes.
"""

import io
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

import lecture_lib as ll
from lecture_lib.show import Picture, formulas, graph, outer_product, relu_units, softmax_bars
from tests.browser.conftest import start_chromium
from tests.conftest import system_chromium

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "browser" / "pixels"
TOLERANCE = 0.001
SHADE = 60


def _duck() -> ll.Record:
    return ll.backward(ll.sentence_graph(ll.duck_goose())["loss"])


def _neuron() -> ll.Record:
    w, x, y = ll.parameter(0.5, "w"), ll.data(2.0, "x"), ll.data(2.0, "y")
    return ll.backward(((y - (w * x).named("c")) ** 2).named("loss"))


PICTURES: Mapping[str, Callable[[], Picture]] = {
    "layers_open": lambda: graph(_duck(), 14, layers=ll.LAYERS),
    "layers_closed": lambda: graph(_duck(), layers=ll.LAYERS, closed=ll.LAYERS),
    "neuron_step": lambda: graph(_neuron(), 5),
    "formulas": lambda: formulas(_duck(), 20),
    "outer_product": lambda: outer_product([-0.577, 0.577], [0.0, 0.39], names=("∂ℓ/∂o", "h")),
    "bars": lambda: softmax_bars([0.42, 0.58], [1, 0], show_gradient=True),
    "relu": lambda: relu_units([-1.3, 0.39], [-0.52, 0.46]),
}


def taken(page: Page, picture: Picture) -> bytes:
    """Take a picture as a page shows it, in its own size."""
    page.set_content(f"<body style='margin:0;width:2000px'>{picture.html}")
    image = page.locator("img")
    image.evaluate("image => image.decode()")
    return image.screenshot()


def difference(first: bytes, second: bytes) -> float:
    """Give the share of pixels that differ; all of them where the sizes do."""
    one, other = (
        np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int) for png in (first, second)
    )
    return 1.0 if one.shape != other.shape else float((np.abs(one - other).max(axis=2) > SHADE).mean())


def main() -> None:
    """Take every picture anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = start_chromium(playwright, Path(place), system_chromium())
        page = browser.new_page()
        for name, draw in PICTURES.items():
            small = Image.open(io.BytesIO(taken(page, draw()))).convert("RGB").quantize(64)
            small.save(FOLDER / f"{name}.png", optimize=True)
        browser.close()
    print(f"{len(PICTURES)} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
