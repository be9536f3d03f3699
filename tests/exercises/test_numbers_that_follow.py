"""By hand, each number is made from the one before: one error early is told from many."""

import re

import numpy as np
import pytest

from lecture_lib.lessons import check, example_of, student
from tests.points import worth


def worked_from(who, h0=None, p=None):
    """All of the forward pass in two decimals, from an h0 or a p of one's own."""
    own = example_of(who)
    if h0 is None:
        h0 = np.mean([own.E[:, own.vocabulary[token]] for token in own.tokens], axis=0)
    z = own.W @ h0 + own.b
    h = np.maximum(z, 0)
    o = np.round(own.U @ h, 2)
    powers = np.exp(o).round(2)
    p = np.round(powers / powers.sum(), 2) if p is None else np.array(p)
    loss = float(np.round(-np.log(p[int(np.argmax(own.y))]), 2))
    return {"h0": h0.round(2), "z": z.round(2), "h": h.round(2), "o": o, "p": p, "loss": loss}


PEOPLE = ["s1234", "guest", "0", *(f"someone {number}" for number in range(12))]


@pytest.mark.parametrize("who", PEOPLE)
def test_rounding_every_step_to_two_decimals_is_right(who):
    student(who)
    verdict = check("forward_by_hand", worked_from(who))
    assert verdict.state == "passed", verdict.message


def test_what_follows_from_a_slip_in_h0_is_told_to_follow():
    student("s1234")
    right = worked_from("s1234")["h0"]
    verdict = check("forward_by_hand", worked_from("s1234", h0=right + np.array([0.3, 0.0])))
    message = verdict.message
    assert re.search(r"h0: .* is not it$", message, re.MULTILINE)
    assert message.count("it follows from your h0: correct that first") == 3, message
    assert verdict.points == 0


def test_a_slip_that_comes_later_is_where_the_mending_begins():
    student("s1234")
    wrong = worked_from("s1234", p=[0.2, 0.8])
    message = check("forward_by_hand", wrong).message
    assert "p = [0.2, 0.8] is not it\n" in message
    assert "it follows from your p: correct that first" in message


def test_a_number_that_does_not_follow_is_not_said_to():
    student("s1234")
    wrong = worked_from("s1234", p=[0.2, 0.8]) | {"loss": 3.0}
    assert "follows" not in check("forward_by_hand", wrong).message


@pytest.mark.parametrize("who", PEOPLE)
def test_a_loss_four_hundredths_off_is_not_right(who):
    student(who)
    right = worked_from(who)
    for away in (-0.045, 0.045):
        own = example_of(who)
        h = np.maximum(own.W @ right["h0"] + own.b, 0)
        powers = np.exp(own.U @ h)
        exact = -float(np.log(powers @ own.y / powers.sum()))
        assert check("forward_by_hand", right | {"loss": exact + away}).parts["loss"] == 0


def worked_back_from(who):
    """The backward pass in two decimals, from a forward pass in two decimals."""
    y, forward = example_of(who).y, worked_from(who)
    d_o = forward["p"] - y
    d_U = np.outer(d_o, forward["h"]).round(2)
    return {"d_p": np.round(-y / forward["p"], 2), "d_o": d_o, "d_U": d_U}


@pytest.mark.parametrize("who", PEOPLE)
def test_rounding_every_step_of_the_way_back_is_right(who):
    student(who)
    verdict = check("backward_by_hand", worked_back_from(who))
    assert verdict.state == "passed", verdict.message


@pytest.mark.parametrize("who", PEOPLE)
def test_a_d_U_three_hundredths_off_is_not_right(who):
    student(who)
    right = worked_back_from(who)
    for away in (-0.03, 0.03):
        assert check("backward_by_hand", right | {"d_U": right["d_U"] + away}).parts["d_U"] == 0


def test_in_the_backward_pass_U_follows_from_o():
    student("s1234")
    own = example_of("s1234")
    forward = worked_from("s1234")
    o = forward["p"] - own.y + [0.2, 0.0]
    true = int(np.argmax(own.y))
    d_p = np.where(np.arange(2) == true, -1 / forward["p"], 0.0)
    message = check("backward_by_hand", {"d_p": d_p, "d_o": o, "d_U": np.outer(o, forward["h"])}).message
    assert "it follows from your d_o: correct that first" in message, message


def test_a_mistake_is_recognised_while_other_entries_are_still_open():
    student("s1234")
    own = example_of("s1234")
    rows = np.mean([own.E[own.vocabulary[token]] for token in own.tokens], axis=0)
    verdict = check("forward_by_hand", {"h0": rows, "z": ..., "h": ..., "o": ..., "p": ..., "loss": ...})
    assert verdict.misconception == "rows for columns", verdict.message


def test_of_one_set_of_numbers_nothing_is_said_for_every_b():
    student("s1234")
    right = worked_from("s1234")
    z = right["z"] - example_of("s1234").b
    message = check("forward_by_hand", right | {"z": z, "h": ..., "o": ..., "p": ..., "loss": ...}).message
    assert "Your z is W h0 alone. Where does the bias belong?" in message


def test_a_mistake_that_would_show_in_what_is_right_is_not_suspected():
    student("s1234")
    right = worked_from("s1234")
    verdict = check(
        "forward_by_hand", right | {"z": right["z"] + [0.37, 0.0], "h": ..., "o": ..., "p": ..., "loss": ...}
    )
    assert verdict.misconceptions == (), verdict.message
    assert verdict.parts["h0"] == worth("forward_by_hand", 0)


@pytest.mark.parametrize(
    ("id", "found"),
    [
        ("s1234", {"b left out", "ReLU left out"}),
        ("t017", {"transposed W", "no minus"}),
        ("t000", {"transposed W", "log to base 2"}),
    ],
)
def test_a_step_that_is_taken_rightly_is_not_called_wrong_where_two_decimals_agree_by_chance(id, found):
    worked = {
        "s1234": ([-0.8, 0.5], [-0.03, 0.16], [-0.03, 0.16], [-0.16, 0.02], [0.45, 0.55], 0.79),
        "t017": ([-0.3, -0.8], [-0.35, 0.08], [0.0, 0.08], [-0.07, 0.02], [0.48, 0.52], -0.65),
        "t000": ([-0.3, -0.5], [-0.17, 0.1], [0.0, 0.1], [-0.03, 0.02], [0.49, 0.51], 1.04),
    }
    student(id)
    numbers = dict(zip(("h0", "z", "h", "o", "p", "loss"), worked[id], strict=True))
    assert set(check("forward_by_hand", numbers).misconceptions) <= found


@pytest.mark.parametrize(
    "slip",
    [
        {"p": [0.39, 0.61], "loss": 0.94},  # powers of two in the place of exp
        {"loss": 1.45},
        {"loss": 2.1},
    ],
)
def test_what_no_mistake_is_near_is_not_called_one_by_chance(slip):
    student("guest")
    verdict = check("forward_by_hand", worked_from("guest") | slip)
    assert verdict.state == "not yet"
    assert verdict.misconceptions == (), verdict.message
