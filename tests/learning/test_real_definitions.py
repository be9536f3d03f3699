"""The real text, from the packaged data to what the trained model says of duck and goose."""

from importlib.resources import files

import numpy as np
import pytest

from lecture_lib.learning import (
    CLASSES,
    UNKNOWN,
    accuracy_on_test,
    confusion,
    definitions,
    duck_and_goose_senses,
    predict_texts,
    predictions,
    report,
    train_definitions,
    words,
    worst_mistakes,
)


@pytest.fixture(scope="module")
def model():
    return train_definitions(np.random.default_rng(0), progress_bar=False)


@pytest.fixture(scope="module")
def made(model):
    return predictions(model, definitions().test)


# --- the data -----------------------------------------------------------------------------------


def test_all_definitions_are_there_in_their_three_sets():
    data = definitions()
    assert (len(data.train), len(data.dev), len(data.test)) == (5597, 800, 806)
    for name in ("train", "dev", "test"):
        assert {(d.split, d.label) for d in getattr(data, name)} == {(name, label) for label in CLASSES}


def test_every_definition_has_words():
    data = definitions()
    for d in (*data.train, *data.dev, *data.test):
        assert d.tokens == words(d.text)
        assert d.tokens


def test_no_definition_is_in_two_sets():
    data = definitions()
    seen = [(d.word, d.text) for d in (*data.train, *data.dev, *data.test)]
    assert len(set(seen)) == len(seen)


def test_the_licence_stands_beside_the_data():
    licence = files("lecture_lib.learning").joinpath("data", "WORDNET_LICENSE").read_text(encoding="utf-8")
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in licence


def test_all_six_senses_of_duck_and_goose_are_kept_for_the_test():
    senses = duck_and_goose_senses()
    data = definitions()
    assert [(d.word, d.label) for d in senses].count(("duck", "other")) == 3
    assert len(senses) == 6
    assert not [d for d in (*data.train, *data.dev) if d.word in ("duck", "goose")]


# --- the model ----------------------------------------------------------------------------------


def test_the_lectures_mlp_gets_at_least_92_in_100_test_definitions_right(model):
    assert accuracy_on_test(model) >= 0.92


def test_it_overfits_and_early_stopping_keeps_what_was_best_on_dev(model):
    history = model.history
    best = history.evaluated_at.index(history.best_step)
    assert history.stopped == "early stopping"
    assert history.dev_losses[best] == min(history.dev_losses)
    assert history.dev_losses[-1] > history.dev_losses[best]
    assert best == len(history.dev_losses) - 1 - 3  # patience
    assert 1 <= best <= 8
    # The training loss goes on falling meanwhile: that is what overfitting means.
    epoch = (len(definitions().train) + 31) // 32
    assert np.mean(history.losses[-epoch:]) < np.mean(history.losses[(best - 1) * epoch : best * epoch])


def test_the_same_seed_gives_the_same_model(model):
    again = train_definitions(np.random.default_rng(0), progress_bar=False)
    assert again.history == model.history


def test_the_vocabulary_is_that_of_the_training_set_alone(model):
    in_training = {word for d in definitions().train for word in d.tokens}
    assert set(model.vocabulary) - {UNKNOWN} < in_training
    assert model.params["E"].shape == (16, len(model.vocabulary))


def test_depth_3_and_other_activations_train_as_well():
    deeper = train_definitions(
        np.random.default_rng(1), depth=3, activation="tanh", max_epochs=5, progress_bar=False
    )
    assert set(deeper.params) == {"E", "W1", "b1", "W2", "b2", "U"}
    assert accuracy_on_test(deeper) >= 0.92


def test_an_activation_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="'step' is none of relu, tanh, sigmoid"):
        train_definitions(np.random.default_rng(0), activation="step", progress_bar=False)


def test_a_model_is_shown_in_one_short_line_that_says_what_it_is(model):
    shown = repr(model)
    assert len(shown.splitlines()) == 1
    assert len(shown) < 120
    assert f"{len(model.vocabulary)} words of 16 dimensions, relu" in shown
    assert f"{min(model.history.dev_losses):.4f}" in shown


# --- what it learnt -----------------------------------------------------------------------------


def test_it_knows_the_birds_from_the_cloth_and_the_cricket_and_takes_the_meat_for_an_animal(model):
    said = {
        (p.definition.word, p.definition.text.split()[0]): p.label
        for p in predictions(model, duck_and_goose_senses())
    }
    assert said[("duck", "small")] == "animal"
    assert said[("goose", "web-footed")] == "animal"
    assert said[("duck", "a")] == "other"
    assert said[("duck", "(cricket)")] == "other"
    assert said[("duck", "flesh")] == "animal"  # wrong, and worth asking why


def test_probabilities_of_any_text_add_up_to_one(model):
    p = predict_texts(model, ["a large bird with webbed feet", ["a", "zyzzyva", "of", "qwerty"]])
    assert p.shape == (2, 2)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert p[0, 0] > 0.9


def test_the_confusion_counts_every_prediction_once_by_truth_and_by_guess(made):
    table = confusion(made)
    assert table.sum() == 806
    assert table.sum(axis=1).tolist() == [410, 396]  # how many of each there are
    assert np.trace(table) == sum(p.right for p in made)


def test_the_worst_mistakes_are_wrong_and_the_surest_first(made):
    worst = worst_mistakes(made, 5)
    assert len(worst) == 5
    assert not any(p.right for p in worst)
    assert [p.loss for p in worst] == sorted((p.loss for p in made if not p.right), reverse=True)[:5]
    for p in worst:
        sure = p.p_animal if p.definition.label == "animal" else 1 - p.p_animal
        assert p.loss == pytest.approx(-np.log(sure))


def test_the_report_has_accuracy_confusion_mistakes_and_the_six_senses(model, made):
    text = report(model)
    assert f"{sum(p.right for p in made)} of 806 test definitions right" in text
    assert worst_mistakes(made)[0].definition.text in text
    for d in duck_and_goose_senses():
        assert d.text in text
