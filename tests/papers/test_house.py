"""The picture of the house in CONTRIBUTING.md is what the imports say."""

import re
import xml.etree.ElementTree as ET

from lecture_lib.show import Picture
from tests.show.kit import written_in
from tools.house import PAPER, PICTURE, picture, reduced, with_words, words
from tools.imports import FLOORS, links

LINKS = links()
REDRAW = "draw it again: python -m tools.house"


def test_the_picture_is_what_the_imports_say():
    assert PICTURE.read_text("utf-8") == picture(LINKS), REDRAW


def test_the_picture_is_put_into_words_where_it_is_shown():
    paper = PAPER.read_text("utf-8")
    assert f"![{words(LINKS)}](docs/house.svg)" in paper, REDRAW
    assert with_words(paper, LINKS) == paper


def test_every_room_and_every_arrow_is_drawn():
    drawn = ET.fromstring(picture(LINKS))
    texts = [line.words for line in written_in(Picture(picture(LINKS), words(LINKS)))]
    assert sorted(texts) == sorted(room.removeprefix("lecture_lib.") for room in FLOORS)
    lines = [path for path in drawn.iter("{http://www.w3.org/2000/svg}path") if path.get("stroke")]
    assert len(lines) == len(reduced(LINKS))


def test_an_import_more_is_another_picture():
    another = ("lecture_lib.explore", "lecture_lib.learning")
    assert another not in LINKS
    more = LINKS | {another}
    assert picture(more) != picture(LINKS)
    assert re.search("explore stands on .*learning", words(more))


def test_what_chains_of_arrows_say_already_is_left_out():
    assert reduced({("c", "b"), ("b", "a"), ("c", "a"), ("d", "a")}) == [("b", "a"), ("c", "b"), ("d", "a")]
