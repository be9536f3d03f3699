"""Every figure of the duck/goose example, computed by the library, to all printed digits."""

import re
from itertools import pairwise

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.learning import duck_goose, encode, minimise, mlp_forward, nll, sentence_graph, sgd
from lecture_lib.learning.optim import sgd_step

EXAMPLE = duck_goose()


def agree(computed, printed: str, digits: int = 6) -> bool:
    """Whether numbers are those printed: to half a unit of the last of 6 digits, else exactly."""
    texts = re.findall(r"[−-]?\d*\.?\d+", printed)
    values = np.asarray(computed, dtype=float).ravel()
    assert len(texts) == values.size
    for text, value in zip(texts, values, strict=True):
        decimals = len(text.partition(".")[2])
        tolerance = 0.5 * 10**-digits + 1e-12 if decimals >= digits else 1e-12
        if abs(value - float(text.replace("−", "-"))) > tolerance:
            return False
    return True


@pytest.fixture(params=[False, True], ids=["softmax in one", "softmax in steps"])
def graph(request):
    return sentence_graph(EXAMPLE, softmax_in_steps=request.param)


@pytest.fixture
def record(graph):
    return ll.backward(graph["loss"])


def loss_of(params) -> float:
    return float(sentence_graph(EXAMPLE, params)["loss"].value)


def after_one_step():
    def loss(params):
        h0 = encode(EXAMPLE.tokens, EXAMPLE.vocabulary, params["E"])
        *_, p = mlp_forward(h0, params["W"], params["b"], params["U"])
        return nll(p, EXAMPLE.y)

    optimiser = sgd(EXAMPLE.learning_rate)
    _, gradients = ll.value_and_grad(loss)(EXAMPLE.params)
    params, _ = optimiser.update(EXAMPLE.params, gradients, optimiser.init(EXAMPLE.params))
    return params


def test_the_comparison_itself_tells_a_digit_that_is_off():
    assert agree([0.4226265, -1.3], "[.422627, −1.3]")
    assert not agree([0.422628], "[.422627]")
    assert not agree([-1.301], "[−1.3]")


def test_the_example_is_the_slides_own():
    assert EXAMPLE.tokens == ("duck", "duck", "goose")
    assert EXAMPLE.learning_rate == 0.01
    assert agree(EXAMPLE.y, "[1, 0]")
    assert agree(EXAMPLE.params["b"], "[0, 0]")
    assert agree(EXAMPLE.params["E"], "[[.05, −.1], [−1.5, −.9]]")
    assert agree(EXAMPLE.params["W"], "[[.9, 1], [.7, −.3]]")
    assert agree(EXAMPLE.params["U"], "[[0, −.5], [−.9, .3]]")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("h0", "[0, −1.3]"),
        ("z", "[−1.3, .39]"),
        ("h", "[0, .39]"),
        ("o", "[−.195, .117]"),
        ("p", "[.422627, .577373]"),
        ("loss", ".861266"),
    ],
)
def test_the_forward_pass_gives_the_printed_values(graph, name, printed):
    assert agree(graph[name].value, printed)


def test_the_exponentials_and_their_sum_are_the_printed_ones():
    graph = sentence_graph(EXAMPLE, softmax_in_steps=True)
    assert agree(graph["e"].value, "[.822835, 1.124119]")
    assert agree(graph["s"].value, "1.946954")


def test_every_exponential_receives_from_the_division_and_from_the_sum():
    graph = sentence_graph(EXAMPLE, softmax_in_steps=True)
    received = ll.backward(graph["loss"]).contributions(graph["e"])
    assert {c.consumer.primitive.name for c in received} == {"divide", "sum"}


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("p", "[−2.366155, 0]"),
        ("o", "[−.577373, .577373]"),
        ("U", "[[0, −.225176], [0, .225176]]"),
        ("h", "[−.519636, .461899]"),
        ("z", "[0, .461899]"),
        ("b", "[0, .461899]"),
        ("W", "[[0, 0], [0, −.600468]]"),
        ("h0", "[.323329, −.138570]"),
        ("E", "[[.215553, .107776], [−.092380, −.046190]]"),
    ],
)
def test_the_backward_pass_gives_the_printed_gradients(graph, record, name, printed):
    assert agree(record[graph[name]], printed)


@pytest.mark.parametrize("name", ["E", "W", "b", "U"])
def test_the_gradients_agree_with_central_differences(record, name):
    def loss(value):
        return loss_of({**EXAMPLE.params, name: value})

    assert ll.gradient_error(loss, lambda value: record[name], EXAMPLE.params[name]) < 1e-9


def test_the_update_gives_the_printed_parameters():
    params = after_one_step()
    assert agree(params["U"], "[[0, −.497748], [−.9, .297748]]")
    assert agree(params["W"][1, 1], "−.293995")
    assert agree(params["b"][1], "−.004619")
    assert agree(params["E"], "[[.047844, −.101078], [−1.499076, −.899538]]")


def test_a_full_step_lowers_the_loss_to_the_printed_value():
    graph = sentence_graph(EXAMPLE, after_one_step())
    assert agree(graph["p"].value[0], ".425758")
    assert agree(graph["loss"].value, ".853884")


def test_updating_u_alone_lowers_the_loss_less(record):
    U = sgd_step(EXAMPLE.params["U"], record["U"], EXAMPLE.learning_rate)
    assert agree(loss_of({**EXAMPLE.params, "U": U}), ".860252")


def test_what_hangs_on_the_dead_relu_does_not_move():
    before, after = EXAMPLE.params, after_one_step()
    assert np.array_equal(after["W"][0], before["W"][0])
    assert after["b"][0] == before["b"][0]
    assert np.array_equal(after["U"][:, 0], before["U"][:, 0])


def test_repeated_steps_end_at_log_2_once_the_other_relu_has_died_too():
    def loss(params):
        return sentence_graph(EXAMPLE, params)["loss"]

    training = minimise(loss, EXAMPLE.params, sgd(0.01), max_steps=60, keep_path=True)
    alive = [bool(np.any(sentence_graph(EXAMPLE, theta)["h"].value)) for theta in training.path]
    losses = training.history.losses
    assert alive == [True] * 33 + [False] * 28
    assert all(after < before for before, after in pairwise(losses[:34]))
    np.testing.assert_allclose(losses[33:], np.log(2))


class TestErrata:
    def test_u12_is_minus_498_and_not_minus_502(self):
        U12 = after_one_step()["U"][0, 1]
        assert agree([U12], "[−.49775]", digits=5)
        assert agree([U12], "[−.498]", digits=3)
        assert not agree([U12], "[−.502]", digits=3)

    def test_u22_was_cut_and_not_rounded(self):
        U22 = after_one_step()["U"][1, 1]
        assert agree([U22], "[.29775]", digits=5)
        assert agree([U22], "[.298]", digits=3)
        assert int(U22 * 1000) / 1000 == 0.297

    def test_the_loss_gradient_of_p1_was_cut_too(self, record):
        d_p1 = record["p"][0]
        assert agree([d_p1], "[−2.36615]", digits=5)
        assert agree([d_p1], "[−2.37]", digits=2)
        assert int(d_p1 * 100) / 100 == -2.36

    def test_read_by_rows_both_relus_die_and_nothing_is_learnt(self):
        graph = sentence_graph(EXAMPLE, {**EXAMPLE.params, "E": EXAMPLE.params["E"].T})
        record = ll.backward(graph["loss"])
        assert np.all(graph["z"].value < 0)
        assert agree(graph["p"].value, "[.5, .5]")
        for name in ("E", "W", "b", "U"):
            assert not np.any(record[name]), name

    def test_e_was_not_drawn_from_the_distribution_that_the_slide_names(self):
        assert np.abs(EXAMPLE.params["E"]).max() > 1
        for name in ("W", "U"):
            assert np.abs(EXAMPLE.params[name]).max() <= 1


def test_the_example_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        EXAMPLE.params["E"][0, 0] = 1.0
