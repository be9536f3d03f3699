"""How long it takes from a key press to the changed picture, in a real JupyterLab in a real Chromium.

    python benchmarks/explorer_latency.py [--presses 40]

prints the medians for pictures that the browser holds already (arrow keys: the neighbours were asked ahead)
and for pictures that Python makes first (Page Up: a state far away). Both times are taken in the page: from a
keydown listener that comes before all others to a MutationObserver on the picture. It is a measurement, not a
test: nothing fails when a machine is slow.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Page, expect, sync_playwright

CELL = """\
import lecture_lib as ll
from lecture_lib.explore import Explorer, Slider, numbers
from lecture_lib.show import graph


def neuron(w):
    c = (ll.parameter(w, "w") * ll.data(2.0, "x")).named("c")
    d = (c + ll.parameter(-0.2, "b")).named("d")
    return graph(ll.backward(((ll.data(2.0, "y") - d).named("e") ** 2).named("loss")))


Explorer(neuron, [Slider("w", "w", numbers(-50, 50, 0.1), start=-50.0)], title="A neuron")
"""

STOPWATCH = """() => {
    window.pressed = 0;
    window.times = [];
    document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
    const picture = document.querySelector(".ll-picture");
    const seen = () => { window.times.push(performance.now() - window.pressed); };
    new MutationObserver(seen).observe(picture, { childList: true, subtree: true });
}"""


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run a JupyterLab of its own on the folder; give its address."""
    homes = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    environment = os.environ | {name: str(folder / ".home" / name.lower()) for name in homes}
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        "--port=0",
        "--allow-root",
    ]
    command += ["--IdentityProvider.token=measure", f"--ServerApp.root_dir={folder}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env=environment, **quiet)
    try:
        runtime = folder / ".home" / "jupyter_runtime_dir"
        while not (files := list(runtime.glob("jpserver-*.json"))):
            if server.poll() is not None:
                raise SystemExit("JupyterLab did not start")
            time.sleep(0.1)
        yield json.loads(files[0].read_text())["url"]
    finally:
        server.terminate()
        server.wait()


def press(page: Page, key: str, times: int, pause: int) -> list[float]:
    """Press a key so many times; give the milliseconds that each picture took."""
    page.evaluate("window.times = []")
    for _ in range(times):
        page.keyboard.press(key)
        page.wait_for_timeout(pause)
    return page.evaluate("window.times")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--presses", type=int, default=40)
    presses = parser.parse_args().presses
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        cells = [nbformat.v4.new_code_cell(CELL)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "neuron.ipynb")
        with jupyterlab(folder) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.goto(f"{url}lab/tree/neuron.ipynb?token=measure&reset")
            expect(page.get_by_text("(ipykernel) | Idle")).to_be_visible(timeout=60_000)
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            expect(page.locator(".ll-picture img")).to_be_visible(timeout=60_000)
            page.evaluate(STOPWATCH)
            page.locator(".ll-explorer input[type=range]").focus()
            page.wait_for_timeout(1000)
            held = press(page, "ArrowRight", presses, pause=250)
            page.keyboard.press("Home")
            page.wait_for_timeout(1000)
            made: list[float] = []
            while len(made) < presses:  # nine pages up are nine new pictures; then from another first one
                made += press(page, "PageUp", 9, pause=400)
                page.keyboard.press("Home")
                for _ in range(len(made) // 9 * 5):
                    page.keyboard.press("ArrowRight")
                page.wait_for_timeout(1500)
            browser.close()
    for name, times in (("held by the browser", held), ("made by Python", made)):
        ordered = sorted(times)
        print(
            f"{name:20} median {statistics.median(times):6.1f} ms, "
            f"nine of ten within {ordered[int(0.9 * (len(ordered) - 1))]:6.1f} ms ({len(times)} presses)"
        )


if __name__ == "__main__":
    main()
