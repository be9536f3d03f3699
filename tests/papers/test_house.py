"""The picture of the house in CONTRIBUTING.md is what the imports say."""

import re
import xml.etree.ElementTree as ET

import pytest

from lecture_lib.show import Picture
from tests.show.kit import written_in
from tools.house import PAPER, PICTURE, picture, reduced, with_words, words
from tools.imports import FLOORS, links

REDRAW = "draw it again: python -m tools.house"


@pytest.fixture(scope="module")
def links_now():
    """Give which room imports which."""
    return links()


def test_the_picture_is_what_the_imports_say(links_now):
    assert PICTURE.read_text("utf-8") == picture(links_now), REDRAW


def test_the_picture_is_put_into_words_where_it_is_shown(links_now):
    paper = PAPER.read_text("utf-8")
    assert f"![{words(links_now)}](docs/house.svg)" in paper, REDRAW
    assert with_words(paper, links_now) == paper


def test_every_room_and_every_arrow_is_drawn(links_now):
    drawn = ET.fromstring(picture(links_now))
    texts = [line.words for line in written_in(Picture(picture(links_now), words(links_now)))]
    assert sorted(texts) == sorted(room.removeprefix("lecture_lib.") for room in FLOORS)
    lines = [path for path in drawn.iter("{http://www.w3.org/2000/svg}path") if path.get("stroke")]
    assert len(lines) == len(reduced(links_now))


def test_an_import_more_is_another_picture(links_now):
    another = ("lecture_lib.explore", "lecture_lib.learning")
    assert another not in links_now
    more = links_now | {another}
    assert picture(more) != picture(links_now)
    assert re.search("explore stands on .*learning", words(more))


def test_what_chains_of_arrows_say_already_is_left_out():
    assert reduced({("c", "b"), ("b", "a"), ("c", "a"), ("d", "a")}) == [("b", "a"), ("c", "b"), ("d", "a")]
