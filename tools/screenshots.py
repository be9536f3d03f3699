"""Screenshots of every lesson, to leaf through: `make screenshots` puts them into dist/screenshots.

Each solved notebook is run in a real JupyterLab, light and dark, and taken screen by screen in a wide and a
narrow window.
"""

import shutil
import sys
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from solutions import build
from tests.browser.conftest import SETTINGS, Notebook, Server, start_chromium
from tests.conftest import running_jupyterlab, system_chromium

FOLDER = build.ROOT / "dist" / "screenshots"
WIDTHS = (1280, 768)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
HEIGHT = 800
# Shows the nth screen, waits until it is painted (cells are laid out when they come into view), and tells
# whether it is the last.
SCROLL = """async (cells, screens) => {
    cells.scrollTop = screens * cells.clientHeight;
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    const last = [...cells.querySelectorAll(".jp-Cell")].at(-1);  // below it JupyterLab leaves room
    return last.getBoundingClientRect().bottom <= cells.getBoundingClientRect().bottom;
}"""


def main(lessons: list[str], folder: Path = FOLDER, themes: Mapping[str, str] = THEMES) -> None:
    """Take the lessons with these numbers, or all, into a folder that is made anew."""
    sources = sorted((build.ROOT / "solutions").glob("*.ipynb"))
    chosen = [path for path in sources if not lessons or path.name[:2] in lessons]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for theme, called in themes.items():
        with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
            opened, home = Path(place, "lessons"), Path(place, "jupyter")
            home.mkdir()
            shutil.copytree(build.ROOT / "solutions", opened, ignore=shutil.ignore_patterns("*.py"))
            settings = SETTINGS | {"@jupyterlab/apputils-extension:themes": {"theme": called}}
            with running_jupyterlab(opened, sys.executable, home, settings) as url:
                server = Server(url, opened)
                browser = start_chromium(playwright, Path(place, "chromium"), system_chromium())
                for source in chosen:
                    page = browser.new_page()
                    notebook = Notebook(page)
                    notebook.load(server, source.name)
                    notebook.run_all()
                    page.keyboard.press("Control+B")  # closes the list of files
                    for width in WIDTHS:
                        take(page, width, folder / f"{source.stem[:2]}_{width}_{theme}")
                    page.close()
                    server.shut_kernels_down()
                browser.close()
    taken = sorted(path.name for path in folder.glob("*.png"))
    shown = "\n".join(f'<h2>{name}</h2><img alt="{name}" src="{name}">' for name in taken)
    (folder / "index.html").write_text(f"<!doctype html><title>Lessons</title>{shown}\n", encoding="utf-8")
    print(f"{len(taken)} screenshots: open {folder / 'index.html'}")


def take(page: Page, width: int, path: Path) -> None:
    """Take the notebook at a width of the window, one screen after the other: path_01.png and so on."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.wait_for_timeout(500)  # explorers are laid out anew
    cells = page.locator(".jp-WindowedPanel-outer").first
    for screen in count(1):
        at_end = cells.evaluate(SCROLL, screen - 1)
        page.screenshot(path=f"{path}_{screen:02}.png")
        if at_end:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
