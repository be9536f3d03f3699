"""The formulas and captions of steps: the slides' letters, the real numbers, the sums."""

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.autodiff import PRIMITIVES
from lecture_lib.show import caption, formulas
from lecture_lib.show.formula import equations


def words(record, step, decimals=2):
    return [equation.words(decimals) for equation in equations(record, step)]


@pytest.fixture
def neuron():
    x, w, b, y = ll.data(2.0, "x"), ll.parameter(0.5, "w"), ll.parameter(-0.2, "b"), ll.data(2.0, "y")
    c = (w * x).named("c")
    d = (c + b).named("d")
    e = (y - d).named("e")
    return ll.backward((e**2).named("loss"))


def test_a_forward_step_reads_names_then_numbers_then_the_value(neuron):
    assert words(neuron, 1) == ["c = w × x = 0.50 × 2.00 = 1.00"]
    assert words(neuron, 2) == ["d = c + b = 1.00 + (−0.20) = 0.80"]


def test_a_backward_step_has_an_equation_for_every_operand(neuron):
    assert words(neuron, 5) == ["∂ℓ/∂ℓ = 1.00"]
    assert words(neuron, 6) == ["∂ℓ/∂e = ∂ℓ/∂ℓ × 2 × e = 1.00 × 2 × 1.20 = 2.40"]
    assert words(neuron, 7) == [
        "∂ℓ/∂y = ∂ℓ/∂e = 2.40",
        "∂ℓ/∂d = ∂ℓ/∂e × (−1) = 2.40 × (−1) = −2.40",
    ]
    assert words(neuron, 9) == [
        "∂ℓ/∂w = ∂ℓ/∂c × x = −2.40 × 2.00 = −4.80",
        "∂ℓ/∂x = ∂ℓ/∂c × w = −2.40 × 0.50 = −1.20",
    ]


def test_before_the_first_step_there_is_no_formula(neuron):
    assert words(neuron, 0) == []


def test_contributions_are_counted_and_added_when_the_last_one_arrives():
    x = ll.parameter(3.0, "x")
    a, b = (x + 1).named("a"), (x**2).named("b")
    record = ll.backward((a * b).named("loss"))
    backward = [words(record, k) for k, step in enumerate(record.steps, 1) if step.kind == "backward"]
    said = [line for lines in backward for line in lines]
    assert "to ∂ℓ/∂x: ∂ℓ/∂b × 2 × x = 4.00 × 2 × 3.00 = 24.00 (contribution 1 of 2)" in said
    assert said[-1] == "∂ℓ/∂x = 24.00 + 9.00 = 33.00 (the sum of all contributions)"
    assert len([line for line in said if "the sum of" in line]) == 1


def test_an_operand_used_twice_receives_two_contributions_in_one_step():
    x = ll.parameter(3.0, "x")
    record = ll.backward((x * x).named("c"))
    assert words(record, 3)[-1] == "∂c/∂x = 3.00 + 3.00 = 6.00 (the sum of all contributions)"
    assert caption(record, 3).endswith("two contributions to x, one for each operand.")


def test_negative_numbers_stand_in_brackets_where_a_sign_goes_before_or_a_power_follows():
    e = ll.parameter(-1.5, "e")
    assert words(ll.forward((e**2).named("s")), 1) == ["s = e² = (−1.50)² = 2.25"]
    assert words(ll.forward((-e).named("s")), 1) == ["s = −e = −(−1.50) = 1.50"]
    assert words(ll.forward(ll.exp(e).named("s")), 1) == ["s = exp(e) = exp(−1.50) = 0.22"]


def test_matrices_are_written_row_by_row_and_large_ones_only_named():
    W, x = ll.parameter([[0.9, 1.0], [0.7, -0.3]], "W"), ll.data([0.0, -1.3], "h0")
    record = ll.forward((W @ x).named("z"))
    assert words(record, 1) == ["z = W h0 = [[0.90, 1.00], [0.70, −0.30]] [0.00, −1.30] = [−1.30, 0.39]"]
    big = (ll.parameter(np.ones((5, 9)), "W") @ ll.data(np.ones(9), "x")).named("z")
    assert words(ll.forward(big), 1) == ["z = W x = [9.00, 9.00, 9.00, 9.00, 9.00]"]


def test_a_gradient_summed_over_a_broadcast_says_so():
    b, X = ll.parameter(1.0, "b"), ll.data([1.0, 2.0, 3.0], "x")
    record = ll.backward(((X + b).named("z")).sum().named("loss"))
    (line,) = [
        line for k in range(len(record.steps) + 1) for line in words(record, k) if line.startswith("∂ℓ/∂b")
    ]
    assert line == "∂ℓ/∂b = Σ ∂ℓ/∂z = Σ [1.00, 1.00, 1.00] = 3.00 (added up over the entries that used it)"


def test_a_product_summed_over_a_broadcast_is_in_brackets():
    a, X = ll.parameter(2.0, "a"), ll.data([1.0, 2.0], "x")
    record = ll.backward(((X * a).named("z")).sum().named("loss"))
    said = [line for k in range(len(record.steps) + 1) for line in words(record, k)]
    (line,) = [line for line in said if line.startswith("∂ℓ/∂a")]
    assert line.startswith("∂ℓ/∂a = Σ (∂ℓ/∂z × x) = Σ ([1.00, 1.00] × [1.00, 2.00]) = 3.00")


def test_what_comes_back_through_a_look_up_is_written_with_names_and_the_result():
    E = ll.parameter([[0.05, -0.1], [-1.5, -0.9]], "E")
    X = E[:, [0, 0, 1]].named("X")
    record = ll.backward((X * np.array([[0.1, 0.12, 0.11], [-0.05, -0.04, 0.05]])).sum().named("loss"))
    assert words(record, len(record.steps)) == [
        "∂ℓ/∂E = ∂ℓ/∂X, added up where E was picked = [[0.22, 0.11], [−0.09, 0.05]]"
    ]
    p = ll.parameter([0.25, 0.75], "p")
    record = ll.backward((-ll.log(p[0].named("q"))).named("loss"))
    assert words(record, len(record.steps)) == ["∂ℓ/∂p = ∂ℓ/∂q, added up where p was picked = [−4.00, 0.00]"]


def test_words_never_stand_around_whole_matrices():
    z = ll.parameter([[1.0, -2.0], [3.0, -4.0]], "Z")
    record = ll.backward(ll.relu(z).named("H").sum().named("loss"))
    assert words(record, 4) == [
        "∂ℓ/∂H = ∂ℓ/∂ℓ for every entry = 1.00 for every entry = [[1.00, 1.00], [1.00, 1.00]]"
    ]
    assert words(record, 5) == ["∂ℓ/∂Z = ∂ℓ/∂H where Z > 0, else 0 = [[1.00, 0.00], [1.00, 0.00]]"]
    r = ll.backward((ll.parameter(np.arange(4.0), "a").reshape(2, 2).named("B")).sum().named("loss"))
    assert words(r, len(r.steps)) == ["∂ℓ/∂a = ∂ℓ/∂B in the shape of a = [1.00, 1.00, 1.00, 1.00]"]


def test_a_condition_on_the_entries_of_a_vector_is_written_with_its_numbers():
    z = ll.parameter([1.0, -2.0], "z")
    record = ll.backward(ll.relu(z).named("h").sum().named("loss"))
    assert words(record, 5) == [
        "∂ℓ/∂z = ∂ℓ/∂h where z > 0, else 0 = [1.00, 1.00] where [1.00, −2.00] > 0, else 0 = [1.00, 0.00]"
    ]


def test_the_mean_says_of_how_many_entries():
    record = ll.backward(ll.parameter([1.0, 2.0, 4.0], "a").mean().named("loss"))
    assert words(record, len(record.steps)) == [
        "∂ℓ/∂a = ∂ℓ/∂ℓ / n for every one of n entries = 1.00 / 3 for every one of 3 entries"
        " = [0.33, 0.33, 0.33]"
    ]
    h0 = ll.parameter(np.ones((2, 3)), "X").mean(axis=1).named("h0")
    record = ll.backward((h0 @ np.array([1.0, 2.0])).named("loss"))
    assert words(record, len(record.steps)) == [
        "∂ℓ/∂X = ∂ℓ/∂h0 / n for every one of n entries = [[0.33, 0.33, 0.33], [0.67, 0.67, 0.67]] (n = 3)"
    ]


def test_settings_are_written_as_one_types_them():
    E = ll.parameter([[0.05, -0.1], [-1.5, -0.9]], "E")
    assert words(ll.forward(E[:, [0, 0, 1]].named("a")), 1)[0].startswith("a = E[:, [0, 0, 1]] = ")
    assert words(ll.forward((ll.parameter(4.0, "a") ** 0.5).named("s")), 1) == ["s = a^0.5 = 4.00^0.5 = 2.00"]


@pytest.mark.parametrize("name", list(PRIMITIVES))
def test_every_primitive_can_be_drawn_written_and_tabled(name):
    primitive = PRIMITIVES[name]
    rng = np.random.default_rng(3)
    for shapes in (
        [(3,), (3,)],
        [(2, 3), (3,)],
        [(2, 3), (2, 3)],
        [(2, 3), (3, 2)],
        [(), ()],
        [(2, 3), (2,)],
    ):
        values = [rng.uniform(0.5, 1.5, shape) for shape, _ in zip(shapes, primitive.operands, strict=False)]
        try:
            settings = primitive.sample(rng, *values) if primitive.sample else {}
            leaves = [ll.parameter(v, f"q{i}") for i, v in enumerate(values)]
            node = primitive(*leaves, **settings)
            break
        except (ValueError, IndexError):
            continue
    else:
        pytest.fail(f"none of the shapes fit {primitive.shapes}")
    record = ll.backward(node.sum() if node.ndim else node)
    for step in range(len(record.steps) + 1):
        frame = ll.show.scrub(record, step)
        assert "{" not in frame.words
        if step:
            assert frame.parts[1].words
    assert all(leaf.name in ll.show.table(record).words for leaf in leaves)


def test_captions_count_the_steps_and_say_which_way(neuron):
    captions = [caption(neuron, k) for k in range(10)]
    assert captions[0] == "Before step 1 of 9: only the inputs are known, y, w, x and b."
    assert captions[3] == "Step 3 of 9, forward: e = y − d is computed."
    assert captions[5] == "Step 5 of 9, backward: the start. ∂ℓ/∂ℓ = 1.00."
    assert captions[7] == "Step 7 of 9, backward: through e = y − d, a contribution to y and one to d."
    assert len(set(captions)) == 10


@pytest.mark.parametrize("view", [caption, formulas])
@pytest.mark.parametrize("step", [-1, 10])
def test_a_step_that_a_record_has_not_is_named(neuron, view, step):
    with pytest.raises(ValueError, match=rf"step {step}: this record has 9 steps; expected a whole number"):
        view(neuron, step)
