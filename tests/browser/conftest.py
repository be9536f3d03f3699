"""A real JupyterLab in a real Chromium, and what a person does with a notebook in it."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
import nbformat
import pytest
from playwright.sync_api import Locator, Page, Playwright, TimeoutError, expect, sync_playwright

from solutions import build
from tests.conftest import system_chromium

TOKEN = "the-tests-own"
# Milliseconds: to open, to run a notebook, to answer a key. Only a fault waits so long, or a loaded machine.
START, RUN, MOVE = 120_000, 300_000, 60_000
expect.set_options(timeout=MOVE)
LOOK = 200  # how often a whole notebook is looked at: each frame, as is usual, would take the page's own time
SETTINGS = {
    # No question about news, no update check, and every cell in the page, not those in view only.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
WINDOW = {"width": 1280, "height": 1000}
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    """Mark all tests of this folder, so that `-m "not browser"` leaves them out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Server:
    """A running JupyterLab, and the folder that it shows."""

    url: str
    folder: Path

    def shut_kernels_down(self) -> None:
        """End every kernel, so that the next notebook has the machine to itself."""
        for kernel in json.load(self._ask("GET", "api/kernels")):
            self._ask("DELETE", f"api/kernels/{kernel['id']}")

    def _ask(self, method: str, path: str):
        request = urllib.request.Request(f"{self.url}{path}", method=method)
        request.add_header("Authorization", f"token {TOKEN}")
        return urllib.request.urlopen(request, timeout=30)


@pytest.fixture(scope="session")
def server(start_jupyterlab, tmp_path_factory) -> Server:
    """Start JupyterLab on a copy of the notebooks, the solved ones in a folder of their own."""
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(build.ROOT / "notebooks", folder)
    (folder / "solved").mkdir()
    for path in (build.ROOT / "solutions").glob("*.ipynb"):
        shutil.copy(path, folder / "solved")
    return Server(start_jupyterlab(folder, overrides=SETTINGS), folder)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Start the system's Chromium, or the one that playwright has installed."""
    system = system_chromium()
    with sync_playwright() as playwright:
        if system is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: install your system's, or run 'playwright install chromium'")
        context = start_chromium(playwright, tmp_path_factory.mktemp("chromium"), system)
        yield context
        context.close()


def start_chromium(playwright: Playwright, profile: Path, executable: str | None):
    """Open Chromium with an empty profile."""
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=executable,
        headless=True,
        args=CHROMIUM_OPTIONS,
        viewport=WINDOW,
    )


@pytest.fixture(scope="session")
def lab(server, browser):
    """Load JupyterLab once: that takes ten times as long as to open a notebook in it."""
    page = browser.new_page()
    page.goto(f"{server.url}lab/workspaces/tests?token={TOKEN}&reset", timeout=START)
    page.wait_for_function("() => window.jupyterapp?.shell", timeout=START)
    page.evaluate("jupyterapp.restored")
    return page


@pytest.fixture
def open_notebook(lab):
    """Give a function that opens a notebook and, unless told not to, runs all its cells."""
    opened: list[Notebook] = []

    def open_and_run(name: str, run: bool = True) -> "Notebook":
        notebook = Notebook(lab)
        opened.append(notebook)
        notebook.open(name, wait_for_kernel=run)
        if run:
            notebook.run_all()
        return notebook

    yield open_and_run
    for notebook in opened:
        notebook.close()


@pytest.fixture
def run_cells(server, open_notebook):
    """Give a function that makes a notebook of these cells' code, opens it and runs all."""

    def run(*cells: str) -> "Notebook":
        save_cells(server, *cells)
        return open_notebook("small.ipynb")

    return run


def save_cells(server: Server, *cells: str) -> None:
    """Save a notebook of these cells' code as small.ipynb."""
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=code, metadata=nbformat.from_dict(build.METADATA))
    nbformat.write(notebook, server.folder / "small.ipynb")


OPEN = """async name => {
    jupyterapp.shell.expandLeft();
    const widget = await jupyterapp.commands.execute("docmanager:open", { path: name, factory: "Notebook" });
    await Promise.all([widget.context.ready, widget.revealed]);
}"""
CLOSE = """async () => {
    for (const widget of [...jupyterapp.shell.widgets("main")]) {
        if (widget.context) widget.context.model.dirty = false;
        widget.close();
    }
    await jupyterapp.serviceManager.sessions.shutdownAll();
}"""


# As many as the notebook has widgets' outputs, and no still picture beside them.
ALIVE = """() => {
    const all = selector => [...document.querySelectorAll(selector)];
    const shown = selector => all(selector).filter(one => one.checkVisibility()).length;
    const { cells } = jupyterapp.shell.currentWidget.model.toJSON();
    const outputs = cells.flatMap(cell => cell.outputs ?? []);
    const widgets = outputs.filter(({ data }) => data?.["application/vnd.jupyter.widget-view+json"]);
    return shown(".ll-explorer, .ll-question") >= widgets.length
        && shown(".ll-explorer-still, .ll-question-still") === 0;
}"""


class Notebook:
    """A notebook in JupyterLab, as a person has it before them."""

    def __init__(self, page: Page):
        self.page = page
        self.faults: list[str] = []  # what the page's own scripts threw
        self.gave_up: list[
            str
        ] = []  # models that anywidget gave up, for the machine was busy: they move all the same
        page.on("pageerror", self._note)

    def _note(self, error: object) -> None:
        gave_up = str(error) == "[anywidget] Failed to initialize model."
        (self.gave_up if gave_up else self.faults).append(str(error))

    def load(self, server: Server, name: str) -> None:
        """Load JupyterLab anew, and the notebook in it."""
        self.page.goto(f"{server.url}lab/workspaces/tests/tree/{name}?token={TOKEN}&reset", timeout=START)
        self.wait_for_idle()

    def open(self, name: str, wait_for_kernel: bool = True) -> None:
        """Open the notebook in a JupyterLab that is loaded, and wait until it shows every cell."""
        self.page.set_viewport_size(WINDOW)  # as it was, whatever the test before did to it
        self.page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
        self.page.evaluate(OPEN, name)
        if wait_for_kernel:  # "Run All" does nothing before
            self.wait_for_idle()

    def wait_for_idle(self) -> None:
        """Wait until the kernel has nothing to do.

        Not by `expect`, here and where the wait is long: while it waits it puts the whole page into words.
        """
        self.page.locator("#jp-main-statusbar").get_by_text("(ipykernel) | Idle").wait_for(timeout=RUN)

    def close(self) -> None:
        """Close the notebook without a question and end its kernel: the next has the machine to itself."""
        self.page.remove_listener("pageerror", self._note)
        self.page.evaluate(CLOSE)

    def run_all(self) -> None:
        """Choose Run, Run All Cells; wait until every cell has run, or one has failed."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        finished = """() => {
            const cells = [...document.querySelectorAll('.jp-CodeCell')];
            const prompts = cells.map(cell => cell.querySelector('.jp-InputPrompt').textContent);
            const stopped = document.querySelector('[data-mime-type="application/vnd.jupyter.stderr"]');
            const waiting = prompts.some(text => text.includes('*'));
            return cells.length && !waiting && (stopped || prompts.every(text => /\\d/.test(text)));
        }"""
        self.page.wait_for_function(finished, timeout=RUN, polling=LOOK)
        self.wait_for_idle()

    @property
    def errors(self) -> list[str]:
        """What stands in red: errors, and what was written to stderr."""
        return self.page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').all_inner_texts()

    def widgets(self) -> list[Locator]:
        """Give each explorer and each set of questions, once they stand in place of the still ones."""
        self.page.wait_for_function(ALIVE, timeout=MOVE, polling=LOOK)
        return self.page.locator(".ll-explorer, .ll-question").all()

    def explorers(self) -> list["ExplorerOnPage"]:
        """Give each explorer, its picture there."""
        self.widgets()
        found = [ExplorerOnPage(root) for root in self.page.locator(".ll-explorer").all()]
        for explorer in found:
            explorer.picture.wait_for(timeout=MOVE)
        return found

    def questions(self) -> list[Locator]:
        """Give each question, a group of answers to choose from."""
        self.widgets()
        return self.page.locator(".ll-question fieldset").all()

    def accessibility_faults(self) -> list[str]:
        """List what axe finds wrong with the outputs. JupyterLab's own frame is not ours to change."""
        return found_by_axe(self.page, [".jp-Cell-outputWrapper"])


DRAWN = """picture => [picture.innerHTML,
    ...Array.from(picture.querySelectorAll(".ll-image"), image => image.shadowRoot.innerHTML)].join("\\n")"""
"""A picture as text, its drawings as well."""


BEYOND = """root => [...root.querySelectorAll("input, button, select")].filter(control =>
    control.getBoundingClientRect().right > root.getBoundingClientRect().right
).map(control => control.outerHTML)"""
"""The controls of an explorer that go on beyond its frame."""
CUT = """root => [...root.querySelectorAll("select")].filter(select => {
    const shown = select.offsetWidth;
    select.style.cssText = "max-width: none; position: absolute"; // as wide as its longest option asks
    const whole = select.offsetWidth;
    select.style.cssText = "";
    return shown < whole;
}).map(select => select.outerHTML)"""
"""The lists of an explorer whose longest option is cut off."""


class ExplorerOnPage:
    """An explorer in the page, moved by keyboard alone."""

    patience = MOVE

    def __init__(self, root: Locator):
        self.root = root
        self.picture = root.locator(".ll-picture")
        self.ranges = root.locator("input[type=range]").all()
        self.selects = root.locator("select").all()
        self.boxes = root.locator("input[type=checkbox]").all()

    @property
    def title(self) -> str:
        """What it is called."""
        return self.root.get_attribute("aria-label") or ""

    def shown(self) -> str:
        """Give the picture that stands now."""
        return self.picture.evaluate(DRAWN)

    def press(self, control: Locator, key: str) -> str:
        """Press a key on a control, wait for another picture, and give it.

        Raises
        ------
        AssertionError
            If the picture stays as it was.
        """
        what = f"{key} on {control.evaluate('c => c.labels[0]?.innerText')}"
        with self.changes(what):
            control.focus()
            control.press(key)
        return self.shown()

    @contextmanager
    def changes(self, action: str) -> Iterator[None]:
        """Wait until what is done here has changed the picture."""
        before = f"picture => {{ picture.stood = picture.firstChild; picture.before = ({DRAWN})(picture); }}"
        self.picture.evaluate(before)
        yield
        # The page itself looks: to fetch so large a text again and again costs more than all else. So does
        # making it: that is done only once something else stands there.
        seen = f"picture => picture.firstChild !== picture.stood && ({DRAWN})(picture) !== picture.before"
        try:
            what = self.picture.element_handle()
            self.root.page.wait_for_function(seen, arg=what, timeout=self.patience, polling=30)
        except TimeoutError:
            raise AssertionError(f"{self.title!r}: {action} did not change the picture") from None

    def go_there_and_back(self, control: Locator) -> None:
        """Move a range one step by arrow key and back, and see the first picture again."""
        first = self.shown()
        at_end = control.evaluate("c => Number(c.value) === Number(c.max)")
        there, back = ("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft")
        self.press(control, there)
        assert self.press(control, back) == first

    def try_every_control(self) -> None:
        """Move each control by keyboard; the picture must change each time."""
        for control in self.ranges:
            self.go_there_and_back(control)
        for control in self.selects:
            count = control.evaluate("c => c.options.length")
            at_end = control.evaluate("c => c.selectedIndex") == count - 1
            self.press(control, "ArrowUp" if at_end else "ArrowDown")
        for control in self.boxes:
            self.press(control, "Space")


def axe_source() -> str:
    """Give axe-core's script, which the package carries."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def found_by_axe(page: Page, within: list[str]) -> list[str]:
    """List what axe finds wrong with the parts of a page that a selector gives."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    found = page.evaluate("within => axe.run({ include: [within] }, { resultTypes: ['violations'] })", within)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture
def axe_faults():
    """Give a function that lists what axe finds wrong with a page."""
    return lambda page: found_by_axe(page, ["html"])
