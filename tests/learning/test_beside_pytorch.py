"""The training beside PyTorch, where PyTorch is missing: it is said, and nothing else needs it.

That both trainings agree is checked where PyTorch is: `make bench` runs `benchmarks/parity.py` first.
"""

import importlib.util
import sys

import numpy as np
import pytest

import lecture_lib as ll
from lecture_lib.lessons.lesson_10 import in_pytorch


@pytest.fixture
def no_pytorch(monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "torch" else there(name, *rest)
    )
    monkeypatch.setitem(sys.modules, "torch", None)


@pytest.mark.usefixtures("no_pytorch")
def test_without_pytorch_it_says_that_it_is_optional_and_how_to_install_it():
    said = ll.beside_pytorch()
    for text in (said.words, said.html):
        assert "PyTorch is not installed here. This part is optional" in text
        assert "pip install torch" in text


def test_the_program_that_is_shown_is_the_one_that_runs():
    shown = ll.pytorch_program()
    assert shown.startswith("def train_in_pytorch(params, texts, y") or "def train_in_pytorch(\n" in shown
    assert "F.cross_entropy(o, labels[batch])" in shown


def test_no_epoch_at_all_is_refused():
    with pytest.raises(ValueError, match="epochs is 0; 1 or more was expected"):
        ll.beside_pytorch(epochs=0)


def test_a_comparison_says_how_far_two_losses_are_apart_at_most():
    parity = in_pytorch.Parity((0.75, 0.5, 0.25), (0.75, 0.5 + 2e-9, 0.25))
    assert parity.largest_difference == pytest.approx(2e-9)
    assert "Of all 3 losses, two of one step differ by at most 2 × 10⁻⁹." in parity.words


def test_our_side_is_the_training_of_the_definitions_with_a_loss_for_every_minibatch():
    params, texts, y = in_pytorch.problem(0)
    losses = in_pytorch.ours(params, texts, y, 1, 0)
    assert len(losses) == -(-len(texts) // in_pytorch.BATCH_SIZE)
    batch = ll.minibatches(len(texts), in_pytorch.BATCH_SIZE, np.random.default_rng(0))[0]
    assert losses[0] == pytest.approx(float(ll.mlp_loss(params, texts[batch], y[batch])), abs=1e-12)
