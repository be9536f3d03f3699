"""Chosen pictures look as they did: `make pixels` takes them anew where they are to look otherwise."""

import pytest

from tools.pixels import FOLDER, PICTURES, TOLERANCE, difference, taken


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_looks_as_it_did(page, name):
    assert difference(taken(page, PICTURES[name]()), (FOLDER / f"{name}.png").read_bytes()) <= TOLERANCE


def test_another_colour_is_more_than_is_tolerated(page):
    drawn = PICTURES["neuron_step"]()
    other = type(drawn)(drawn.svg.replace("#B84A00", "#000000"), drawn.words)
    assert difference(taken(page, drawn), taken(page, other)) > TOLERANCE


def test_each_kept_picture_is_compared():
    assert {path.stem for path in FOLDER.glob("*.png")} == {*PICTURES}
