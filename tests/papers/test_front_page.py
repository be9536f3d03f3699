"""README's example runs, and its pictures are what the library draws of it."""

import pytest

from tools.front_page import PAPER, ROOT, example, pictures, with_words

REDRAW = "draw it again: python -m tools.front_page"
PAPER_TEXT = PAPER.read_text("utf-8")


@pytest.fixture(scope="module")
def drawn():
    return pictures(PAPER_TEXT)


def test_the_example_gives_the_numbers_that_it_says():
    names = example(PAPER_TEXT)
    assert f'record["w"]  # {names["record"]["w"]:.1f}: how much the loss changes' in PAPER_TEXT


@pytest.mark.parametrize("name", ["duck_goose", "neuron"])
def test_a_picture_is_what_the_library_draws(name, drawn):
    assert f"](docs/{name}.svg)" in PAPER_TEXT
    assert (ROOT / "docs" / f"{name}.svg").read_text("utf-8") == drawn[name].svg, REDRAW


def test_the_pictures_are_put_into_words(drawn):
    assert with_words(PAPER_TEXT, drawn) == PAPER_TEXT, REDRAW
    assert "∂loss/∂w = −4.80" in PAPER_TEXT
