"""JupyterLab's themes, chosen as a person does."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.browser.conftest import START


@contextmanager
def the_dark_theme(page: Page) -> Iterator[None]:
    """Choose the dark theme in the menu, and the light one again at the end."""
    _choose(page, "Dark")
    try:
        yield
    finally:
        _choose(page, "Light")


def _choose(page: Page, name: str) -> None:
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).hover()
    page.get_by_text(f"JupyterLab {name}", exact=True).click()
    light = str(name == "Light").lower()
    page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached", timeout=START)
