"""How long it takes from a key press to the changed picture, in a real JupyterLab in a real Chromium.

    .venv/bin/python benchmarks/explorer_latency.py [--presses 40]

Beside it, in the same run: `interact` with Matplotlib's inline picture of the same graph. All times are taken
in the page, from a keydown listener that comes before all others: to the change of the picture, and until the
page is laid out anew with it (it is painted with the screen's next frame). What it prints
stands in benchmarks/results/explorers.md. It is a measurement: nothing fails when a machine is slow.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from machine import machine  # noqa: E402

from tests.conftest import TOKEN, running_jupyterlab, system_chromium  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "explorers.md"

NEURON = """\
import lecture_lib as ll
from lecture_lib.explore import Explorer, Slider, numbers
from lecture_lib.show import graph


def neuron(w):
    c = (ll.parameter(w, "w") * ll.data(2.0, "x")).named("c")
    d = (c + ll.parameter(-0.2, "b")).named("d")
    return graph(ll.backward(((ll.data(2.0, "y") - d).named("e") ** 2).named("loss")))


Explorer(neuron, [Slider("w", "w", numbers(-50, 50, 0.1), start=-50.0)], title="A neuron")
"""

DUCK_GOOSE = """\
from dataclasses import replace
import lecture_lib as ll
from lecture_lib.explore import Explorer, Slider, numbers

example = ll.duck_goose()


def duck_goose(w):
    W = example.params["W"].copy()
    W[0, 0] = w
    moved = replace(example, params={**example.params, "W": W})
    return ll.graph(ll.backward(ll.sentence_graph(moved)["loss"]), layers=ll.LAYERS)


Explorer(duck_goose, [Slider("w", "w", numbers(-50, 50, 0.1), start=-50.0)], title="duck duck goose")
"""

INTERACT = """\
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact

PLACES = {"w": (0, 2), "x": (0, 0), "c": (1, 1), "b": (1, 3), "d": (2, 2), "y": (2, 0), "e": (3, 1)}
PLACES["loss"] = (4, 1)
EDGES = [("w", "c"), ("x", "c"), ("c", "d"), ("b", "d"), ("d", "e"), ("y", "e"), ("e", "loss")]


@interact(w=FloatSlider(value=-50.0, min=-50.0, max=50.0, step=0.1))
def neuron(w):
    x, b, y = 2.0, -0.2, 2.0
    c = w * x
    d = c + b
    e = y - d
    value = {"w": w, "x": x, "c": c, "b": b, "d": d, "y": y, "e": e, "loss": e**2}
    d_e = 2 * e
    gradient = {"loss": 1, "e": d_e, "y": d_e, "d": -d_e, "b": -d_e, "c": -d_e, "w": -d_e * x, "x": -d_e * w}
    figure, axes = plt.subplots(figsize=(9.6, 3))
    axes.axis("off")
    axes.set(xlim=(-0.5, 4.5), ylim=(-0.5, 3.5))
    for name, place in PLACES.items():
        axes.text(*place, name, ha="center", va="center", bbox={"boxstyle": "round", "fc": "white"})
    for start, end in EDGES:
        arrow = {"arrowstyle": "->", "shrinkA": 14, "shrinkB": 14}
        axes.annotate("", PLACES[end], PLACES[start], arrowprops=arrow)
        middle = [(one + other) / 2 for one, other in zip(PLACES[start], PLACES[end])]
        axes.text(*middle, f"{start}={value[start]:.2f}\\n∂ = {gradient[start]:.2f}", fontsize=8, ha="center")
    plt.show()
"""

SHOW_TEN = (
    "for explorer in explorers[{0}:{0} + 10]:\n    display(explorer)"  # JupyterLab cuts a cell at 50 outputs
)
FIFTY = [
    NEURON.replace("Explorer(neuron", "explorers = [Explorer(neuron").replace(
        'title="A neuron")', 'title=f"A neuron {n}") for n in range(50)]'
    ),
    *(SHOW_TEN.format(first) for first in range(0, 50, 10)),
]

DRAWING = """\
import time
import lecture_lib as ll
from lecture_lib.show import graph


def sixty(w):
    node = ll.parameter(w, "w")
    for number in range(29):
        node = node * ll.data(1.1, f"x{number}")
    node = ll.tanh(node)
    return ll.backward(node.named("loss"))


times = []
for number in range(31):
    record = sixty(0.5 + number / 100)
    start = time.perf_counter()
    graph(record).html
    times.append(1000 * (time.perf_counter() - start))
print(len(record.nodes), sorted(times[1:])[15])
"""

STOPWATCH = """element => {
    window.pressed = 0;
    window.times = [];
    window.stopwatch?.disconnect();
    const press = () => { window.pressed = performance.now(); };
    if (!window.listening) document.addEventListener("keydown", press, true);
    window.listening = true;
    const seen = changes => {
        if (!changes.some(change => [...change.addedNodes].some(node =>
            node.matches?.("img, .ll-image") || node.querySelector?.("img, .ll-image")))) return;
        const changed = performance.now();
        element.getBoundingClientRect(); // lays the page out
        window.last = performance.now();
        if (window.pressed) window.times.push([changed - window.pressed, window.last - window.pressed]);
    };
    window.stopwatch = new MutationObserver(seen);
    window.stopwatch.observe(element, { childList: true, subtree: true });
}"""


@contextmanager
def notebook(context, url: str, folder: Path, name: str, *codes: str) -> Iterator[Page]:
    """Run a notebook of these cells in a page of its own."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / f"{name}.ipynb")
    page = context.new_page()
    page.goto(f"{url}lab/workspaces/{name}/tree/{name}.ipynb?token={TOKEN}&reset")
    expect(page.get_by_text("(ipykernel) | Idle")).to_be_visible(timeout=120_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.locator(".jp-OutputArea-output").first.wait_for(state="attached", timeout=120_000)
    yield page
    page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")
    page.close()


Times = list[tuple[float, float]]
"""Milliseconds to the change of the picture and until it is laid out, one pair for each press."""


def press(page: Page, key: str, times: int, pause: int) -> Times:
    """Press a key so many times; give what each picture took."""
    page.evaluate("window.times = []")
    for _ in range(times):
        page.keyboard.press(key)
        page.wait_for_timeout(pause)
    return page.evaluate("window.times")


def explorer(page: Page, which: int = 0) -> None:
    """Begin to time an explorer, its slider focused."""
    root = page.locator(".ll-explorer").nth(which)
    root.locator(".ll-picture :is(img, .ll-image)").first.wait_for(timeout=120_000)
    root.scroll_into_view_if_needed()
    root.locator(".ll-picture").evaluate(STOPWATCH)
    root.locator("input[type=range]").focus()
    page.wait_for_timeout(1000)


def made(page: Page, presses: int) -> Times:
    """Time pictures that Python makes: pages up lead to states that were not asked for ahead."""
    times: Times = []
    page.keyboard.press("Home")
    while len(times) < presses:  # nine pages up are nine new pictures; then from another first one
        times += press(page, "PageUp", 9, pause=400)
        page.keyboard.press("Home")
        for _ in range(len(times) // 9 * 5):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1500)
    return times


def held(page: Page) -> Times:
    """Hold a key, thirty presses a second; how long after the last one the last picture comes."""
    late: Times = []
    for _ in range(5):
        page.keyboard.press("Home")
        page.wait_for_timeout(1500)
        page.evaluate("window.pressed = 0")
        for _ in range(40):
            page.keyboard.down("ArrowRight")  # again and again without a release: a held key
            page.wait_for_timeout(33)
        page.keyboard.up("ArrowRight")
        page.wait_for_timeout(1500)
        late.append((after := page.evaluate("Math.max(0, window.last - window.pressed)"), after))
    return late


def measure(presses: int) -> dict[str, Times]:
    """All cases, one after the other in one JupyterLab."""
    found: dict[str, Times] = {}
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder, home = Path(temporary, "notebooks"), Path(temporary, "jupyter")
        folder.mkdir()
        home.mkdir()
        with running_jupyterlab(folder, sys.executable, home, {}) as url:
            browser = playwright.chromium.launch(
                executable_path=system_chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(viewport={"width": 1200, "height": 900})
            with notebook(context, url, folder, "interact", INTERACT) as page:
                page.locator(".jp-OutputArea img").first.wait_for(timeout=120_000)
                page.locator(".jp-OutputArea").first.evaluate(STOPWATCH)
                page.locator(".noUi-handle").focus()
                page.wait_for_timeout(1000)
                found["interact with Matplotlib"] = press(page, "ArrowRight", presses, pause=700)
            for name, code in (("neuron", NEURON), ("duck/goose", DUCK_GOOSE)):
                with notebook(context, url, folder, name[:4], code) as page:
                    explorer(page)
                    found[f"{name}, seen before"] = press(page, "ArrowRight", presses, pause=250)
                    found[f"{name}, made by Python"] = made(page, presses)
                    if name == "neuron":
                        found["neuron, key held: the last picture after the last press"] = held(page)
            with notebook(context, url, folder, "fifty", *FIFTY) as page:
                expect(page.locator(".ll-explorer:visible")).to_have_count(50, timeout=300_000)
                explorer(page, 25)
                found["neuron, one of 50 on a page, seen before"] = press(
                    page, "ArrowRight", presses, pause=250
                )
                found["neuron, one of 50 on a page, made by Python"] = made(page, presses)
            with notebook(context, url, folder, "sixty", DRAWING) as page:
                text = page.locator(".jp-OutputArea-output").first.inner_text()
                nodes, milliseconds = text.split()
                found[f"a drawing of {nodes} nodes, in Python alone (median of 30)"] = [
                    (float(milliseconds), float(milliseconds))
                ]
            browser.close()
    return found


def line(name: str, times: Times) -> str:
    """One case as a row of the table."""
    cells: list[str] = []
    for each in zip(*times, strict=True):
        within = sorted(each)[int(0.9 * (len(each) - 1))]
        cells += [f"{statistics.median(each):.1f} ms", f"{within:.1f} ms"]
    return f"| {name} | {' | '.join(cells)} | {len(times)} |"


def main() -> None:
    """Measure, print, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--presses", type=int, default=40)
    presses = parser.parse_args().presses
    on = machine()
    start = time.perf_counter()
    found = measure(presses)
    rows = [
        "| from key press to picture | changed, median | nine of ten within "
        "| and laid out, median | nine of ten within | presses |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows += [line(name, times) for name, times in found.items()]
    notes = [f"- {name}: {value}" for name, value in on.items()]
    if os.sched_getscheduler(0) != os.SCHED_OTHER:
        notes.append("- all of it before the machine's other processes (chrt), so as on a quiet machine")
    page = (
        "# From a key press to the changed picture\n\n"
        "Made by `make bench-explorers`; not to be edited. A real JupyterLab in a real Chromium, one run.\n\n"
        + "\n".join(rows)
        + "\n\n## Measured on\n\n"
        + "\n".join(notes)
        + "\n"
    )
    RESULT.write_text(page, encoding="utf-8")
    print("\n".join(rows))
    print(f"in {time.perf_counter() - start:.0f} s; written to {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
