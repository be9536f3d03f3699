"""The points are for one's own steps: the library's answer is seen under any name, and earns nothing."""

import cProfile
import functools
import itertools

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib import encode as another_name
from lecture_lib.common.trees import tree_map
from lecture_lib.exercises.answer import LocalAnswer
from lecture_lib.exercises.judging import BORROWED
from lecture_lib.exercises.own_steps import SEVERAL_STEPS
from lecture_lib.learning.example import DuckGoose
from lecture_lib.lessons import EXERCISES, check, require

DIFFERENCES = ll.value_and_grad(lambda params, x, y: (y - (params[0] * x + params[1])) ** 2)
COMPILED = ll.compiled(lambda params, x, y: (y - (params[0] * x + params[1])) ** 2)


def by_a_helper(tokens, vocabulary, E):
    def helper(*given):
        return ll.learning.encode(*given)

    return helper(tokens, vocabulary, E)


def in_the_engine(x, w, b, y):
    W, B = ll.parameter(w, "w"), ll.parameter(b, "b")
    record = ll.backward((y - (W * x + B)) ** 2)
    return record[W], record[B]


def made_beforehand(x, w, b, y):
    return tuple(DIFFERENCES([w, b], x, y)[1])


def compiled_beforehand(x, w, b, y):
    return tuple(COMPILED.value_and_grad([w, b], x, y)[1])


def by_the_librarys_differences(x):
    return float(ll.numeric_gradient(lambda t: float((t + 1) * t**2), np.array(x)))


def a_node_of_ones_own(d_out, a, b):
    return (ll.parameter(a) * ll.parameter(b)).vjp(d_out)


def the_rule_itself(d_out, p):
    return ll.softmax.vjp_rule(d_out, p, None)[0]


def the_graph_of_the_lecture(tokens, y, vocabulary, params):
    graph = ll.sentence_graph(DuckGoose(tuple(tokens), vocabulary, y, params, 0.01), params)
    record = ll.backward(graph["loss"])
    return {name: np.array(record[graph[name]]) for name in "EWbU"}


def the_program(x, w, b, y):
    W, B = ll.parameter(w, "w"), ll.parameter(b, "b")
    gradients = ll.program((y - (W * x + B)) ** 2).run(w=w, b=b)[1]
    return gradients["w"], gradients["b"]


def right_and_borrowed_once(tokens, vocabulary, E):
    if len(tokens) == 1:
        return E[:, vocabulary[tokens[0]]]
    return ll.encode(tokens, vocabulary, E)


def while_the_library_looks_at_ones_own_object(x):
    found = []

    class Text(str):
        def __hash__(self):
            found.append(by_the_librarys_differences(x))
            return 1

    ll.vocabulary([[Text("a")]])
    return found[0]


def an_operation_made_of_the_librarys_rule(d_out, a, b):
    rule = (ll.parameter(a) * ll.parameter(b)).vjp
    try:
        return ll.primitive("f", "d_node (...) -> r (...)", symbol="f")(rule)(d_out)
    finally:
        ll.PRIMITIVES.pop("vjp")


def an_operation_made_of_the_librarys_softmax(z):
    softmax = ll.PRIMITIVES.pop("softmax")
    try:
        return ll.primitive("f", "o (...) -> r (...)", symbol="f")(softmax.forward)(z)
    finally:
        ll.PRIMITIVES["softmax"] = softmax


def a_node_whose_rule_is_the_librarys(d_out, a, b):
    product = ll.parameter(a) * ll.parameter(b)
    return ll.operation(product.value, product.parents, product.vjp).primitive.vjp_rule(d_out, product.value)


def what_goes_through_a_tree(d_out, a, b):
    return tree_map((ll.parameter(a) * ll.parameter(b)).vjp, [d_out])[0]


def an_object_that_is_an_array_by_the_librarys_rule(d_out, a, b):
    given, rule = [], (ll.parameter(a) * ll.parameter(b)).vjp

    class Array:
        def __array__(self, *_, **__):
            given.append(rule(d_out))
            return np.ones(1)

    ll.parameter(Array())
    return given[0]


BORROWED_ANSWERS = [
    ("mul_vjp", an_operation_made_of_the_librarys_rule, "the library's Node.vjp"),
    ("softmax", an_operation_made_of_the_librarys_softmax, "ll.softmax"),
    ("mul_vjp", a_node_whose_rule_is_the_librarys, "the library's Node.vjp"),
    ("mul_vjp", what_goes_through_a_tree, "the library's Node.vjp"),
    ("mul_vjp", an_object_that_is_an_array_by_the_librarys_rule, "the library's Node.vjp"),
    ("mul_vjp", lambda d, a, b: next(map((ll.parameter(a) * b).vjp, [d])), "the library's Node.vjp"),
    ("fan_out", while_the_library_looks_at_ones_own_object, "ll.numeric_gradient"),
    ("fan_out", np.vectorize(by_the_librarys_differences), "ll.numeric_gradient"),
    ("encode", ll.encode, "ll.encode"),
    ("encode", another_name, "ll.encode"),
    ("encode", functools.partial(ll.encode), "ll.encode"),
    ("encode", by_a_helper, "ll.encode"),
    ("encode", right_and_borrowed_once, "ll.encode"),
    ("mlp_forward", ll.mlp_forward, "ll.mlp_forward"),
    ("softmax", ll.softmax, "ll.softmax"),
    ("nll", ll.nll, "ll.nll"),
    ("sgd_step", ll.sgd_step, "ll.sgd_step"),
    ("numeric_gradient", ll.numeric_gradient, "ll.numeric_gradient"),
    ("topological_order", ll.topological_order, "ll.topological_order"),
    ("neuron_gradients", in_the_engine, "ll.backward"),
    ("neuron_gradients", made_beforehand, "ll.value_and_grad"),
    ("neuron_gradients", compiled_beforehand, "ll.compiled"),
    ("neuron_gradients", the_program, "ll.program"),
    ("fan_out", by_the_librarys_differences, "ll.numeric_gradient"),
    ("mul_vjp", a_node_of_ones_own, "the library's Node.vjp"),
    ("softmax_vjp", the_rule_itself, "the library's softmax_vjp"),
    ("mlp_gradients", the_graph_of_the_lecture, "ll.sentence_graph"),
    ("grid", ll.grid, "ll.grid"),
    ("select_best", ll.select_best, "ll.select_best"),
    (
        "select_best",
        lambda results: ll.learning.search.GridSearch(tuple(results)).best["config"],
        "the library's GridSearch.best",
    ),
]


@pytest.mark.parametrize(("id", "answer", "name"), BORROWED_ANSWERS)
def test_the_librarys_own_answer_is_named_and_earns_nothing(id, answer, name):
    verdict = check(id, answer)
    assert (verdict.state, verdict.points) == ("not yet", 0.0)
    assert verdict.misconception == BORROWED
    assert verdict.out_of == EXERCISES[id].points
    assert f"{id} calls {name}, and the points are for steps of your own" in verdict.message


def test_a_part_is_not_passed_by_the_librarys_own_answer():
    with pytest.raises(AssertionError, match="steps of your own"):
        require("encode", "different words", ll.encode)


def softmax_by_its_steps(z):
    e = ll.exp(z - np.max(z))
    return e / ll.sum(e)


def layer_with_the_softmax_of_an_earlier_exercise(W, b, x, y):
    d_z = ll.softmax(ll.matvec(W, x) + b) - y
    return np.outer(d_z, x), d_z


def gradients_on_top_of_earlier_exercises(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in "EWbU")
    h0 = ll.encode(tokens, vocabulary, E)
    z, h, _, p = ll.mlp_forward(h0, W, b, U)
    d_o = p - y
    d_z = (U.T @ d_o) * (z > 0)
    d_E = np.zeros_like(E)
    for column in ll.word_ids(tokens, vocabulary):
        d_E[:, column] += W.T @ d_z / len(tokens)
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z, "U": np.outer(d_o, h)}


def own_differences(x):
    def loss(x):
        return (x + 1) * x**2

    return (loss(x + 1e-6) - loss(x - 1e-6)) / 2e-6


def check_with_the_numeric_gradient_of_an_earlier_exercise(f, gradient, theta):
    a, n = gradient(theta), ll.numeric_gradient(f, theta)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("softmax", softmax_by_its_steps),
        ("softmax_layer_gradient", layer_with_the_softmax_of_an_earlier_exercise),
        ("mlp_gradients", gradients_on_top_of_earlier_exercises),
        ("fan_out", own_differences),
        ("gradient_check", check_with_the_numeric_gradient_of_an_earlier_exercise),
    ],
)
def test_single_operations_earlier_exercises_and_own_differences_may_be_used(id, answer):
    assert check(id, answer).state == "passed", check(id, answer).message


def encodes_by_the_columns_of_a_batch(tokens, vocabulary, E):
    batch = ll.sentences([tokens, tokens], vocabulary)[[1]]
    return E[:, batch.words].sum(axis=1) / batch.lengths[0]


def asks_whether_it_is_a_tensor(x):
    own = ll.parameter(x)
    number = own.item() if hasattr(own, "item") else x
    return 3 * number**2 + 2 * number


@pytest.mark.parametrize(
    ("id", "answer"),
    [("encode", encodes_by_the_columns_of_a_batch), ("fan_out", asks_whether_it_is_a_tensor)],
)
def test_what_texts_are_made_into_and_what_a_node_has_not_may_be_asked_for(id, answer):
    assert check(id, answer).state == "passed", check(id, answer).message


def test_who_writes_as_in_pytorch_is_told_how_it_is_written_here():
    def differentiates(x):
        own = ll.parameter(x)
        ((own + 1) * own**2).backward()

    verdict = check("fan_out", differentiates)
    assert verdict.state == "error"
    assert "record = ll.backward(" in verdict.message


def test_an_answer_may_be_profiled_while_it_is_checked():
    profile = cProfile.Profile()
    profile.enable()
    try:
        assert check("fan_out", own_differences).state == "passed"
    finally:
        profile.disable()


OPERANDS = [2.0, np.ones(2), np.ones((2, 3)), np.ones((3, 2)), "text", None, ll.parameter(np.ones(2), "a")]


@pytest.mark.parametrize("name", sorted(ll.PRIMITIVES.keys() - SEVERAL_STEPS))
def test_an_operation_that_is_one_step_is_the_answers_own_even_where_it_stops(name):
    operation = ll.PRIMITIVES[name]
    for operands in itertools.product(OPERANDS, repeat=len(operation.operands)):
        for settings in ({}, {"axis": 7}, {"shape": (5,)}, {"index": 9}, {"exponent": 2}):
            answer = functools.partial(operation, *operands, **settings)
            assert LocalAnswer(answer, ()).call(()).borrowed == ""


def test_an_operation_of_ones_own_is_ones_own_and_so_is_its_rule():
    def doubled(a):
        return [2 * one for one in np.atleast_1d(a)]

    operation = ll.primitive("2 {a}", "a (...) -> z (...)", symbol="2")(doubled)
    operation.vjp("2 {d_z}")(lambda d_z, z, a: (2 * d_z,))
    try:
        for given in (np.ones(2), ll.parameter(np.ones(2))):
            outcome = LocalAnswer(lambda given=given: operation(given), ()).call(())
            assert (outcome.borrowed, outcome.failure) == ("", None)
    finally:
        del ll.PRIMITIVES["doubled"]
