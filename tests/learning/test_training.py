"""The loop, when it stops, what it remembers, and what is left when it diverges."""

import os
import pickle
import re
import subprocess
import sys

import nbclient
import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.learning import (
    DivergenceError,
    accuracy,
    converged,
    early_stopping,
    gradient_descent,
    linear_decay,
    minibatches,
    minimise,
    momentum,
    sgd,
    train,
)

seeds = st.integers(0, 2**32 - 1)


def never(before, after, step):
    return False


def bowl(theta):
    return (theta**2).sum()


# --- the lecture's loop -------------------------------------------------------------------------


@given(st.integers(1, 20), st.floats(0.01, 0.4))
def test_gradient_descent_makes_max_steps_updates(max_steps, rate):
    theta = gradient_descent(lambda t: 2 * t, np.array([1.0, -2.0]), rate, never, max_steps)
    np.testing.assert_allclose(theta, (1 - 2 * rate) ** max_steps * np.array([1.0, -2.0]), atol=1e-12)


def test_the_criterion_is_asked_after_every_update_with_both_parameters():
    asked = []

    def stop(before, after, step):
        asked.append((float(before), float(after), step))
        return step == 3

    theta = gradient_descent(lambda t: 2 * t, np.array(8.0), 0.25, stop, 100)
    assert asked == [(8.0, 4.0, 1), (4.0, 2.0, 2), (2.0, 1.0, 3)]
    assert theta == 1.0  # the updated parameters, not those before


def test_the_gradient_is_taken_once_a_step_at_the_current_parameters():
    seen = []

    def gradient(theta):
        seen.append(float(theta))
        return 2 * theta

    gradient_descent(gradient, np.array(8.0), 0.25, never, 3)
    assert seen == [8.0, 4.0, 2.0]


def test_the_initial_parameters_stay_what_they_were():
    theta0 = {"w": np.array([1.0, 2.0])}
    gradient_descent(lambda t: {"w": 2 * t["w"]}, theta0, 0.1, never, 5)
    assert theta0["w"].tolist() == [1.0, 2.0]


# --- stopping criteria --------------------------------------------------------------------------


@given(seeds, st.floats(0.01, 10))
def test_converged_compares_the_euclidean_norm_of_the_change(seed, tau):
    before, after = np.random.default_rng(seed).normal(size=(2, 3, 4))
    expected = sum(float(x) ** 2 for x in (after - before).ravel()) ** 0.5 < tau
    assert converged(before, after, tau) is expected
    assert converged(after, before, tau) is expected  # a fall is a change too


def test_a_change_of_exactly_tau_is_not_below_it():
    assert not converged(np.array([0.0, 0.0]), np.array([3.0, 4.0]), tau=5.0)
    assert converged(np.array([0.0, 0.0]), np.array([3.0, 4.0]), tau=5.000001)


def test_all_parameters_of_a_dict_count_as_one_vector():
    zero, there = {"W": np.zeros(1), "b": np.zeros(1)}, {"W": np.array([3.0]), "b": np.array([4.0])}
    assert not converged(zero, there, tau=4.9)
    assert converged(zero, there, tau=5.1)


losses = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=12)


@given(losses, st.integers(1, 5))
def test_early_stopping_keeps_the_best_of_what_was_seen_before_patience_ran_out(dev_losses, patience):
    # Straight from the words: the first time that the last `patience` evaluations brought no new best.
    seen = dev_losses
    for end in range(1, len(dev_losses) + 1):
        window, before = dev_losses[max(end - patience, 0) : end], dev_losses[: max(end - patience, 0)]
        if before and min(window) >= min(before):
            seen = dev_losses[:end]
            break
    assert early_stopping(dev_losses, patience) == seen.index(min(seen))


@pytest.mark.parametrize(
    ("dev_losses", "patience", "best"),
    [
        ([0.7, 0.5, 0.6, 0.55, 0.1], 2, 1),  # the 0.1 comes after the end
        ([0.7, 0.5, 0.6, 0.55, 0.1], 3, 4),
        ([0.5, 0.5, 0.5], 2, 0),  # a tie is no new best
        ([0.3, 0.2, 0.1], 1, 2),
        ([0.3], 1, 0),
        ([np.nan, 0.5, 0.4, 0.3], 3, 3),  # NaN is worse than any number
        ([0.5, np.nan, 0.4, np.nan, np.nan, 0.1], 2, 2),
        ([np.nan, np.nan, np.nan, 0.1], 2, 0),  # NaN after NaN is no new best either
        ([np.nan, np.nan, 0.1], 3, 2),
    ],
)
def test_early_stopping_on_known_cases(dev_losses, patience, best):
    assert early_stopping(dev_losses, patience) == best


def test_without_losses_there_is_nothing_to_keep():
    with pytest.raises(ValueError, match="no losses on the development set"):
        early_stopping([], 2)


@pytest.mark.parametrize("patience", [0, -1, float("nan")])
def test_patience_is_one_evaluation_or_more(patience):
    with pytest.raises(
        ValueError, match=f"early_stopping: patience is 1 or more evaluations, got {patience}"
    ):
        early_stopping([0.5, 0.4], patience)


# --- minimise -----------------------------------------------------------------------------------


def test_minimise_takes_its_gradients_from_backpropagation():
    training = minimise(bowl, np.array([1.0, -2.0]), sgd(0.25), max_steps=3)
    expected = gradient_descent(lambda t: 2 * t, np.array([1.0, -2.0]), 0.25, never, 3)
    np.testing.assert_allclose(training.params, expected)


def test_the_history_has_the_loss_before_every_step_and_at_the_end():
    history = minimise(bowl, np.array(1.0), sgd(0.25), max_steps=2).history
    assert history.losses == (1.0, 0.25, 0.0625)
    assert history.learning_rates == (0.25, 0.25)
    assert (history.steps, history.best_step, history.stopped) == (2, 2, "max steps")


def test_the_path_has_all_parameters_from_the_first_to_the_last():
    training = minimise(bowl, np.array(1.0), sgd(0.25), max_steps=2, keep_path=True)
    assert [float(theta) for theta in training.path] == [1.0, 0.5, 0.25]


def test_minimise_stops_when_the_criterion_says_so_and_tells_after_which_step():
    def stop(before, after, step):
        return converged(before, after, tau=0.2)

    training = minimise(bowl, np.array(1.0), sgd(0.25), max_steps=100, stop=stop)
    assert float(training.params) == 0.125  # 1, 0.5, 0.25, 0.125: the first change below 0.2
    assert training.history.stopped == "stop"
    assert "after step 3" in training.history.why


def test_a_scheduled_rate_is_in_the_history():
    optimiser = sgd(lambda step: linear_decay(0.4, step, 4))
    history = minimise(bowl, np.array(1.0), optimiser, max_steps=4).history
    assert history.learning_rates == pytest.approx((0.4, 0.3, 0.2, 0.1))


# --- divergence ---------------------------------------------------------------------------------


def steep(theta):
    return (theta**4).sum()


def test_divergence_names_the_step_and_the_learning_rate_and_says_what_to_do():
    with pytest.raises(
        DivergenceError, match=r"diverged at step 5 with learning rate 10: the loss is inf"
    ) as it:
        minimise(steep, np.array([10.0]), sgd(10.0), max_steps=100)
    assert (it.value.step, it.value.learning_rate) == (5, 10.0)
    assert "smaller learning rate: try 1, and look" in str(it.value)


def test_after_divergence_the_last_good_parameters_and_the_history_are_there():
    with pytest.raises(DivergenceError) as it:
        minimise(steep, np.array([10.0]), sgd(10.0), max_steps=100)
    error = it.value
    assert len(error.training.history.losses) == 4
    assert np.all(np.isfinite(error.training.history.losses))
    assert float(steep(error.last_params)) == error.training.history.losses[-1]
    assert error.training.params is error.last_params
    assert error.training.history.stopped == "diverged"
    assert error.training.history.why == str(error)


def test_after_divergence_the_path_is_there_if_it_was_to_be_kept():
    with pytest.raises(DivergenceError) as it:
        minimise(steep, np.array([10.0]), sgd(10.0), max_steps=100, keep_path=True)
    path = it.value.training.path
    assert [float(steep(theta)) for theta in path[:4]] == list(it.value.training.history.losses)
    assert np.array_equal(path[3], it.value.last_params)


def test_a_loss_that_is_nan_at_the_start_is_not_blamed_on_the_learning_rate():
    with pytest.raises(DivergenceError, match="the loss is nan at the initial parameters") as it:
        minimise(lambda theta: ll.log(theta), np.array(-1.0), sgd(0.1), max_steps=5)
    assert it.value.step == 1
    assert float(it.value.last_params) == -1.0


def test_a_gradient_without_end_is_noticed_at_its_step():
    # sqrt has a finite value and an infinite slope at 0.
    with pytest.raises(DivergenceError, match=r"at step 1 with learning rate 0.1: a parameter is no longer"):
        minimise(lambda theta: ll.sqrt(theta), np.array(0.0), sgd(0.1), max_steps=5)


def test_a_loss_that_becomes_infinite_at_the_very_last_step_is_noticed():
    with pytest.raises(DivergenceError):
        minimise(steep, np.array([10.0]), sgd(10.0), max_steps=4)


def test_a_divergence_error_survives_the_way_from_another_process():
    with pytest.raises(DivergenceError) as it:
        minimise(steep, np.array([10.0]), sgd(10.0), max_steps=100)
    back = pickle.loads(pickle.dumps(it.value))
    assert str(back) == str(it.value)
    assert back.step == it.value.step
    assert back.training.history == it.value.training.history


# --- minibatch training -------------------------------------------------------------------------


def line(params, x, y):
    """The mean squared error of a line."""
    return ((y - (params["w"] * x + params["b"])) ** 2).mean()


def points(n=40, noise=0.0, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return x, 2 * x - 1 + noise * rng.normal(size=n)


START = {"w": np.array(0.0), "b": np.array(0.0)}


def quiet(*args, **options):
    return train(*args, **{"rng": np.random.default_rng(0), "progress_bar": False, **options})


@pytest.mark.parametrize("optimiser", [sgd(0.1), momentum(0.02)], ids=["sgd", "momentum"])
def test_training_finds_the_line_that_made_the_points(optimiser):
    training = quiet(line, START, points(), optimiser, batch_size=8, max_epochs=60)
    assert float(training.params["w"]) == pytest.approx(2, abs=1e-3)
    assert float(training.params["b"]) == pytest.approx(-1, abs=1e-3)


def test_training_is_the_lectures_loop_over_one_epoch_of_minibatches_after_another():
    x, y = points()
    training = quiet(line, START, (x, y), sgd(0.1), batch_size=7, max_epochs=3)
    params, rng, seen = START, np.random.default_rng(0), []
    for _ in range(3):
        for batch in minibatches(len(x), 7, rng):
            loss, gradients = ll.value_and_grad(line)(params, x[batch], y[batch])
            params = {name: params[name] - 0.1 * gradients[name] for name in params}
            seen.append(loss)
    assert training.history.losses == tuple(seen)
    assert all(np.array_equal(training.params[name], params[name]) for name in params)


def test_the_same_seed_gives_the_same_training():
    one, two = (quiet(line, START, points(noise=1), sgd(0.1), batch_size=8, max_epochs=3) for _ in range(2))
    assert one.history == two.history


def test_the_initial_parameters_are_not_changed_by_training():
    start = {name: value.copy() for name, value in START.items()}
    quiet(line, start, points(), sgd(0.1), batch_size=8, max_epochs=2)
    assert start == START


@given(st.integers(1, 8), st.integers(1, 6), seeds)
def test_minibatch_gradients_of_a_mean_loss_average_to_the_full_gradient(size, batches, seed):
    x, y = points(size * batches, noise=1, seed=seed)
    params = {"w": np.array(0.3), "b": np.array(-0.7)}
    _, full = ll.value_and_grad(line)(params, x, y)
    parts = [
        ll.value_and_grad(line)(params, x[batch], y[batch])[1]
        for batch in minibatches(len(x), size, np.random.default_rng(seed))
    ]
    for name in params:
        assert np.mean([part[name] for part in parts]) == pytest.approx(float(full[name]), rel=1e-9, abs=1e-9)


@given(st.integers(1, 8), st.integers(1, 6), seeds)
def test_of_a_summed_loss_they_average_to_the_share_of_the_batch_in_the_data(size, batches, seed):
    def summed(params, x, y):
        return ((y - (params["w"] * x + params["b"])) ** 2).sum()

    x, y = points(size * batches, noise=1, seed=seed)
    params = {"w": np.array(0.3), "b": np.array(-0.7)}
    _, full = ll.value_and_grad(summed)(params, x, y)
    parts = [
        ll.value_and_grad(summed)(params, x[batch], y[batch])[1]
        for batch in minibatches(len(x), size, np.random.default_rng(seed))
    ]
    for name in params:
        expected = float(full[name]) * size / len(x)
        assert np.mean([part[name] for part in parts]) == pytest.approx(expected, rel=1e-9, abs=1e-9)


# --- the development set ------------------------------------------------------------------------


def overfitting(best_after):
    """A training whose dev loss falls for `best_after` epochs and rises then: one step an epoch, w = step."""

    def loss(params, target):
        return (params["w"] - target).mean()  # slope 1: sgd(1.0) lowers w by 1 a step

    class Rising:
        def __len__(self):
            return 1

    def watched(params, *data):
        if isinstance(data[0], Rising):
            return abs(float(params["w"]) + best_after)
        return loss(params, *data)

    return watched, {"w": np.array(0.0)}, (np.zeros(1),), (Rising(),)


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_early_stopping_ends_training_and_returns_the_best_parameters_on_dev(patience):
    loss, params, data, dev = overfitting(best_after=3)
    training = quiet(loss, params, data, sgd(1.0), batch_size=1, max_epochs=50, dev=dev, patience=patience)
    history = training.history
    assert float(training.params["w"]) == -3
    assert (history.best_step, history.steps) == (3, 3 + patience)
    assert history.stopped == "early stopping"
    assert "best after epoch 3" in history.why
    assert history.dev_losses == tuple(abs(3.0 - epoch) for epoch in range(4 + patience))


def test_without_patience_all_epochs_are_made_and_the_best_is_still_returned():
    loss, params, data, dev = overfitting(best_after=3)
    training = quiet(loss, params, data, sgd(1.0), batch_size=1, max_epochs=10, dev=dev)
    assert training.history.steps == 10
    assert float(training.params["w"]) == -3
    assert training.history.stopped == "max steps"


def test_dev_is_looked_at_before_the_first_step_and_after_every_epoch():
    dev = points(seed=1)
    training = quiet(line, START, points(20), sgd(0.1), batch_size=8, max_epochs=4, dev=dev)
    assert training.history.evaluated_at == (0, 3, 6, 9, 12)  # batches of 8, 8 and 4
    assert training.history.dev_losses[0] == float(line(START, *dev))
    assert min(training.history.dev_losses) == float(line(training.params, *dev))


def test_the_loss_of_an_epoch_is_the_mean_over_its_batches():
    options = {"batch_size": 8, "max_epochs": 2, "dev": points(seed=1)}
    history = quiet(line, START, points(20), sgd(0.1), **options).history
    first, second = history.losses[:3], history.losses[3:]
    assert history.epoch_losses == pytest.approx((np.mean(first), np.mean(second)))


def test_if_the_initial_parameters_stay_the_best_they_are_returned():
    start = {"w": np.array(2.0), "b": np.array(-1.0)}
    training = quiet(
        line, start, points(noise=3), sgd(0.1), batch_size=8, max_epochs=9, dev=points(seed=1), patience=2
    )
    assert training.history.best_step == 0
    assert training.params is start


def test_early_stopping_can_watch_the_accuracy():
    def loss(params, x, y):
        return ll.mean(ll.cross_entropy(x @ params["U"].T, y))

    def right(params, x, y):
        return accuracy(x @ params["U"].T, y)

    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 3))
    y = np.eye(2)[(x[:, 0] > 0).astype(int)]
    training = quiet(
        loss, {"U": np.zeros((2, 3))}, (x[:40], y[:40]), sgd(1.0), batch_size=8, max_epochs=100,
        dev=(x[40:], y[40:]), accuracy=right, patience=3, watch="accuracy",
    )  # fmt: skip
    seen = training.history.dev_accuracies
    best = training.history.evaluated_at.index(training.history.best_step)
    assert seen[best] == max(seen)
    assert seen.index(max(seen)) == best
    assert training.history.stopped == "early stopping"


def test_divergence_in_minibatch_training_keeps_the_best_on_dev():
    def loss(params, x):
        return ((params["w"] * x) ** 4).mean()

    x = np.ones(4)
    with pytest.raises(DivergenceError) as it:
        quiet(
            loss, {"w": np.array(10.0)}, (x,), sgd(10.0), batch_size=2, max_epochs=50, dev=(x,), patience=40
        )
    error = it.value
    history = error.training.history
    assert float(loss(error.training.params, x)) == min(history.dev_losses)
    assert np.isfinite(float(loss(error.last_params, x)))
    assert len(history.losses) == error.step - 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": (np.zeros(3), np.zeros(2))}, r"the parts of data have \[3, 2\] examples"),
        ({"data": (np.zeros(0), np.zeros(0))}, "there are no examples in data"),
        ({"dev": (np.zeros(3), np.zeros(2))}, r"the parts of dev have \[3, 2\] examples"),
        ({"patience": 2}, "patience 2 needs a development set"),
        ({"patience": 0, "dev": points()}, "train: patience is 0; 1 or more epochs were expected$"),
        ({"patience": np.nan, "dev": points()}, "train: patience is nan; 1 or more epochs were expected$"),
        ({"watch": "accuracy"}, 'watch="accuracy" needs dev and accuracy'),
        ({"max_epochs": 0}, "max_epochs is 0"),
        ({"batch_size": 0}, "batch_size is 0; 1 or more was expected"),
        ({"watch": "acc", "dev": points()}, 'watch is .acc.; "loss" or "accuracy" was expected'),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        quiet(
            line, START, optimiser=sgd(0.1), **{"data": points(), "batch_size": 2, "max_epochs": 1, **options}
        )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((), "data is empty; a tuple of its parts was expected"),
        (np.zeros(3), "data is of type ndarray; a tuple of its parts was expected"),
        ((np.zeros(2), (1, 2)), "part 2 of data is a tuple; an array was expected"),
    ],
)
def test_data_that_are_no_tuple_of_arrays_are_refused(data, message):
    with pytest.raises(TypeError, match=message):
        quiet(line, START, data, sgd(0.1), batch_size=2, max_epochs=1)


def test_what_a_divergence_keeps_are_the_parameters_of_the_step_that_it_names():
    for rates, steps in (([1e-3, 1e300], 1), ([1e300, 1e-3], 0), ([1e-3, 1e-3, 1e300], 2)):
        with pytest.raises(DivergenceError) as raised:
            minimise(lambda w: w * 1e10, np.float64(1.0), sgd(lambda s, rates=rates: rates[s]), max_steps=5)
        theta = 1.0
        for rate in rates[:steps]:
            theta -= rate * 1e10
        assert raised.value.training.history.best_step == steps
        assert raised.value.training.params == pytest.approx(theta)


@pytest.mark.parametrize("rate", [1e-6, 0.1])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_in_the_data_that_are_not_finite_are_not_blamed_on_the_learning_rate(bad, rate):
    x, y = points()
    y[7] = bad
    with pytest.raises(DivergenceError, match="Part 2 of the batch holds NaN or infinity: look there") as it:
        quiet(line, START, (x, y), sgd(rate), batch_size=2, max_epochs=1)
    assert "overshoot" not in str(it.value)
    with pytest.raises(DivergenceError, match="Part 2 of the development set holds NaN or infinity"):
        quiet(line, START, points(), sgd(rate), batch_size=2, max_epochs=1, dev=(x, y))


def test_a_loss_that_is_not_defined_is_not_blamed_on_steps_that_grow():
    with pytest.raises(DivergenceError, match=r"at step 2 .* the loss is nan.*not defined at these") as it:
        minimise(lambda theta: ll.log(theta), np.array(1.0), sgd(2.0), max_steps=5)
    assert "overshoot" not in str(it.value)


def test_a_loss_that_makes_nodes_of_its_data_itself_can_be_looked_at_on_the_development_set():
    def own_nodes(params, x, y):
        return line(params, ll.data(x), ll.data(y))

    def right(params, x, y):
        return -own_nodes(params, x, y)

    options = {"batch_size": 8, "max_epochs": 2, "dev": points(seed=1)}
    history = quiet(own_nodes, START, points(), sgd(0.1), accuracy=right, **options).history
    assert history.dev_losses == quiet(line, START, points(), sgd(0.1), **options).history.dev_losses
    assert history.dev_accuracies == tuple(-loss for loss in history.dev_losses)


# --- progress -----------------------------------------------------------------------------------


TRAINING = """
import numpy as np
from lecture_lib.learning import sgd, train

def loss(w, x):
    return ((w * x - 1) ** 2).mean()

x = (np.ones(40),)
training = train(loss, np.array(0.0), x, sgd(0.1), rng=np.random.default_rng(0), batch_size=8, max_epochs=2)
print(training.history.steps)
"""


def shown_by(program: str) -> tuple[str, str]:
    """What a Python of its own prints: here, the bars of all tests are switched off."""
    environment = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip(), ran.stderr


def test_training_shows_how_far_it_is():
    printed, bar = shown_by(TRAINING)
    assert printed == "10"
    assert "/10 [" in bar


def test_training_runs_silently_where_there_is_no_tqdm():
    assert shown_by("import sys; sys.modules['tqdm'] = None" + TRAINING) == ("10", "")


def test_in_a_notebook_the_bar_is_an_output_that_is_gone_when_it_closes(monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    running = "from lecture_lib.learning.progress_bar import bar\nsteps = bar(3, 'steps')\nsteps.advance()"
    closing = "for loop in [bar(2, 'steps')]:\n    loop.advance()\n    loop.close()\nprint('done')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in (running, closing)])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    (shown,), (gone, printed) = (cell.outputs for cell in notebook.cells)
    assert re.search(r"\| [01]/3 \[", shown.data["text/plain"])
    assert (gone.output_type, gone.data) == ("display_data", {})
    assert (printed.name, printed.text) == ("stdout", "done\n"), "nothing is written to either stream"
