"""How long one waits: for `import lecture_lib`, and for `make lab`.

What it prints stands in benchmarks/results, in startup.md. It needs what the tests need.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from machine import machine

ROOT = Path(__file__).resolve().parent.parent
LESSON = "00_start_here.ipynb"  # `make lab` shows its folder
IMPORTS = {
    "NumPy": "import numpy",
    "lecture_lib": "import numpy, lecture_lib",
    "lecture_lib, and a record of one neuron": (
        "import numpy, lecture_lib as ll; w = ll.parameter(0.5, 'w'); ll.backward((w * 2 - 1) ** 2)"
    ),
    "lecture_lib, and the picture of that record": (
        "import numpy, lecture_lib as ll; w = ll.parameter(0.5, 'w'); ll.graph(ll.backward((w * 2 - 1) ** 2))"
    ),
    "lecture_lib, and a check": (
        "import numpy, lecture_lib as ll; ll.student('guest'); ll.check('neuron_forward', None)"
    ),
}


def imports(rounds: int) -> list[str]:
    """Time a new Python for each import, one after the other; give the medians beyond NumPy's."""
    environment = os.environ | {"LECTURE_PROGRESS": "off"}
    times: dict[str, list[float]] = {name: [] for name in IMPORTS}
    for number in range(rounds + 1):
        for name, code in IMPORTS.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", code], check=True, env=environment, stdout=subprocess.DEVNULL
            )
            if number:  # the first round fills the disk's cache
                times[name].append(time.perf_counter() - start)
    numpy = times["NumPy"]
    said = [f"Python with NumPy: {statistics.median(numpy):.3f} s"]
    for name in list(IMPORTS)[1:]:
        beyond = [own - other for own, other in zip(times[name], numpy, strict=True)]
        said.append(f"{name}: {statistics.median(beyond):.3f} s beyond NumPy")
    return said


def lab(rounds: int) -> list[str]:
    """Time `make lab`, when all is installed, until an open browser has lesson 00 with an idle kernel."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    said: dict[str, list[float]] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        browser.new_page().goto("about:blank")
        for _ in range(rounds):
            for name, seconds in lab_once(browser.new_page()).items():
                said.setdefault(name, []).append(seconds)
        browser.close()
    return [f"make lab, until {name}: {statistics.median(times):.1f} s" for name, times in said.items()]


def lab_once(page) -> dict[str, float]:
    """Run `make lab` once; give the seconds until each thing is there."""
    with tempfile.TemporaryDirectory() as home:
        homes = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        environment = os.environ | {name: f"{home}/{name.lower()}" for name in homes}
        environment["JUPYTERLAB_WORKSPACES_DIR"] = f"{home}/workspaces"
        options = "--no-browser --ip=127.0.0.1 --port=0 --IdentityProvider.token=measure"
        runtime = Path(environment["JUPYTER_RUNTIME_DIR"])
        start = time.perf_counter()
        command = ["make", "lab", f"LAB_OPTIONS={options}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **quiet)
        try:
            while not (url := _address(runtime)):
                if process.poll() is not None:
                    raise SystemExit("make lab did not start JupyterLab")
                time.sleep(0.02)
            while not _answers(url):
                time.sleep(0.02)
            times = {"JupyterLab answers": time.perf_counter() - start}
            page.goto(f"{url}lab/tree/{LESSON}?token=measure&reset", timeout=60_000)
            page.locator(".jp-RenderedMarkdown h1").first.wait_for(timeout=60_000)
            times["lesson 00 can be read"] = time.perf_counter() - start
            page.get_by_text("(ipykernel) | Idle").wait_for(timeout=60_000)
            times["its kernel is idle"] = time.perf_counter() - start
            page.close()
            return times
        finally:
            os.killpg(process.pid, 15)  # make, the shell and JupyterLab, which this function started
            process.wait()


def _address(runtime: Path) -> str:
    for path in runtime.glob("jpserver-*.json"):
        if text := path.read_text(encoding="utf-8"):
            return json.loads(text)["url"]
    return ""


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}api", timeout=10):
            return True
    except OSError:
        return False


def main() -> None:
    """Measure, print, and write it down."""
    said = [*imports(15), *lab(3)]
    print("\n".join(said))
    on = [f"{name}: {value}" for name, value in machine().items()]
    page = ["# Start-up: medians", "", "Made by `make bench`; not to be edited.", ""]
    page += [*(f"- {line}" for line in said), "", "## Measured on", "", *(f"- {line}" for line in on), ""]
    (ROOT / "benchmarks" / "results" / "startup.md").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
