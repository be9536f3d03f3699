"""The lines of the backward algorithm are judged by running them."""

import itertools

import numpy as np
import pytest

from lecture_lib.lessons import check
from lecture_lib.lessons.lesson_03.ordered_lines import LINES, backward_order_lines, runs_right
from tests.points import worth


def test_exactly_the_orders_that_work_are_right():
    """Every order of the eight lines is run; in those that work, each line has what it needs."""
    loop = "HAID"

    def has_what_it_needs(order):
        start = order[:4]
        return (
            order[4:] == loop and start.index("E") < start.index("J") and start.index("C") < start.index("F")
        )

    orders = ["".join(order) for order in itertools.permutations("ACDEFHIJ")]
    working = [order for order in orders if runs_right(order)]
    assert working == [order for order in orders if has_what_it_needs(order)]
    assert len(working) == 6
    for order in working:
        assert check("backward_order", list(order)).state == "passed"


def test_a_line_that_does_not_belong_makes_every_order_wrong():
    for place in range(9):
        for distractor in "BG":
            letters = list("ECJFHAID")
            letters.insert(place, distractor)
            verdict = check("backward_order", letters)
            assert verdict.points == 0, letters
            letters.remove(letters[place - 1])
            assert check("backward_order", letters).points == 0, letters


def test_how_many_of_eight_lines_do_not_belong_is_said():
    assert "one of these lines does not belong" in check("backward_order", list("EJCFBAID")).message
    assert "two of these lines do not belong" in check("backward_order", list("EJCFBAIG")).message


def test_how_many_of_nine_lines_do_not_belong_is_said():
    for letters, belong in (("EJCFHAIDG", "one of these lines does"), ("EJCFHAIBG", "two of these lines do")):
        message = check("backward_order", list(letters)).message
        assert f"9 lines; the algorithm has 8: {belong} not belong" in message


def test_what_is_no_list_of_letters_is_called_what_it_is():
    for given, kind in ((np.array(["E", "J"]), "an array of text"), ("EJCFHAID", "a text"), ({"E"}, "a set")):
        message = check("backward_order", given).message
        assert f"this is {kind}; a list of letters in square brackets was expected" in message


def test_what_stands_in_a_list_and_is_no_letter_is_said():
    for given, kind in (([5, 10], "a whole number"), ([["E"], ["H"]], "a list of 1"), (["E", ...], "...")):
        message = check("backward_order", given).message
        assert f"{kind}" in message
        assert "stands in your list; letters in quotes were expected" in message


@pytest.mark.parametrize(
    ("letters", "names"),
    [
        ("FCEJHADI", {"seed overwritten", "adds before it computes"}),
        ("JECFHAIG", {"no values", "takes a distractor"}),
        ("EJCFBADI", {"forward order", "adds before it computes"}),
        ("EJCFBAIG", {"forward order", "takes a distractor"}),
        ("JEFCHAID", {"no values", "seed overwritten"}),
        ("FCJEHAIG", {"no values", "seed overwritten", "takes a distractor"}),
    ],
)
def test_several_slips_in_one_order_are_all_named(letters, names):
    assert set(check("backward_order", list(letters)).misconceptions) == names


def test_the_lines_are_not_given_in_order_and_two_do_not_belong():
    letters = [line.letter for line in LINES]
    assert letters == sorted(letters)
    assert len(letters) == 10
    given = [letter for letter in letters if letter in "ECJFHAID"]
    assert not runs_right(given)
    shown = str(backward_order_lines())
    assert all(line.words in shown for line in LINES)
    assert all(line.code not in shown for line in LINES)


def test_half_the_points_are_for_the_right_lines():
    verdict = check("backward_order", list("ECJFHADI"))
    assert verdict.parts == {"the right lines": worth("backward_order", 0), "an order that works": 0.0}
    assert verdict.misconception == "adds before it computes"
