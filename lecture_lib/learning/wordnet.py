"""The real text: is this definition about an animal? From the packaged data to a trained model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lecture_lib.autodiff import compiled
from lecture_lib.autodiff.values import Array

from .history import History
from .initialise import he, mlp_parameters, normal
from .nn import ACTIVATIONS, accuracy, encode_batch, mlp, mlp_loss, mlp_scores
from .optim import adam
from .text import Sentences, one_hot, sentences, vocabulary, words
from .training import train

CLASSES = ("animal", "other")
"""y = [1, 0] is "animal", as on the slides."""


# --- the data -----------------------------------------------------------------------------------


class Definition(NamedTuple):
    """One sense of a noun in WordNet.

    Attributes
    ----------
    split : str
        "train", "dev" or "test"
    word : str
        what is defined; the model does not see it
    label : str
        "animal" or "other"
    text : str
        the definition
    tokens : tuple of str
        its words
    """

    split: str
    word: str
    label: str
    text: str
    tokens: tuple[str, ...]


class Definitions(NamedTuple):
    """The training, development and test set."""

    train: tuple[Definition, ...]
    dev: tuple[Definition, ...]
    test: tuple[Definition, ...]


@cache
def definitions() -> Definitions:
    """7,203 noun definitions of WordNet 3.0, in three sets. The licence stands beside them, in `data`.

    Examples
    --------
    >>> data = definitions()
    >>> len(data.train), len(data.dev), len(data.test)
    (5597, 800, 806)
    >>> data.train[1].word, data.train[1].label, data.train[1].tokens
    ('fat-soluble vitamin', 'other', ('any', 'vitamin', 'that', 'is', 'soluble', 'in', 'fats'))
    """
    from importlib.resources import files

    table = files("lecture_lib.learning").joinpath("data", "definitions.tsv").read_text(encoding="utf-8")
    _, *rows = table.splitlines()  # the first line names the columns
    every = [
        Definition(split, word, label, text, words(text))
        for split, word, label, text in (row.split("\t") for row in rows)
    ]
    return Definitions(*(tuple(d for d in every if d.split == split) for split in ("train", "dev", "test")))


# --- the model ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class DefinitionsModel:
    """A trained model and what it needs to read a text.

    Attributes
    ----------
    params : dict
        as `mlp_parameters` names them
    vocabulary : dict
        word -> column of E, with a column for unknown words
    activation : str
        "relu", "tanh" or "sigmoid"
    history : History
    """

    params: dict[str, Array]
    vocabulary: dict[str, int]
    activation: str
    history: History

    def __repr__(self) -> str:
        dimensions, words = self.params["E"].shape
        losses = self.history.dev_losses
        found = f", best loss on the development set {min(losses):.4f}" if losses else ""
        return f"<DefinitionsModel: {words} words of {dimensions} dimensions, {self.activation}{found}>"


def train_definitions(
    rng: np.random.Generator,
    *,
    dimensions: int = 16,
    hidden: int = 16,
    depth: int = 2,
    activation: str = "relu",
    learning_rate: float = 1e-3,
    batch_size: int = 32,
    max_epochs: int = 20,
    patience: int = 3,
    minimum_count: int = 2,
    progress_bar: bool = True,
) -> DefinitionsModel:
    """Train the lecture's MLP on the definitions with Adam, early stopping on the development set.

    Parameters
    ----------
    rng : numpy.random.Generator
        draws the initial parameters, then the minibatches
    dimensions, hidden, depth, activation
        the architecture, as for `mlp_parameters`
    learning_rate, batch_size, max_epochs, patience
        the optimisation, as for `train`
    minimum_count : int
        rarer words share the column of unknown words, and train it
    progress_bar : bool
        whether to show a bar

    Returns
    -------
    DefinitionsModel

    Raises
    ------
    ValueError
        if there is no activation of this name
    DivergenceError
        when a loss or a parameter is NaN or infinite

    Slide "Experimental Routine".
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"the activation {activation!r} is none of {', '.join(ACTIVATIONS)}")
    data = definitions()
    known = vocabulary((d.tokens for d in data.train), minimum_count, unknown="column")
    params = mlp_parameters(
        len(known),
        dimensions,
        hidden,
        len(CLASSES),
        rng,
        depth=depth,
        initialise=he,
        # Small at first: a word that is seldom seen stays near 0 and says little, not something random.
        initialise_E=partial(normal, scale=0.1),
    )
    a = ACTIVATIONS[activation]

    def dev_accuracy(params: dict[str, Array], sentences: Sentences, y: Array) -> float:
        return accuracy(mlp_scores(params, encode_batch(sentences, params["E"]), a), y)

    training = train(
        compiled(partial(mlp_loss, activation=a)),
        params,
        _inputs(data.train, known),
        adam(learning_rate),
        rng=rng,
        batch_size=batch_size,
        max_epochs=max_epochs,
        dev=_inputs(data.dev, known),
        accuracy=dev_accuracy,
        patience=patience,
        progress_bar=progress_bar,
    )
    return DefinitionsModel(training.params, known, activation, training.history)


def train_one_definitions_model(config: dict[str, Any], seed: int = 0) -> dict[str, Any]:
    """Train one model of a grid, for `grid_search`, in other processes too.

    Parameters
    ----------
    config : dict
        any of `train_definitions`' settings, such as {"depth": 3, "learning_rate": 1e-3}
    seed : int
        every configuration starts from the same

    Returns
    -------
    dict
        dev_accuracy and dev_loss at the evaluation that was kept, and the model
    """
    settings: dict[str, Any] = {"progress_bar": False, **config}
    model = train_definitions(np.random.default_rng(seed), **settings)
    kept = model.history.evaluated_at.index(model.history.best_step)
    return {
        "dev_accuracy": model.history.dev_accuracies[kept],
        "dev_loss": model.history.dev_losses[kept],
        "model": model,
    }


# --- what it learnt -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Prediction:
    """What the model says of one definition.

    Attributes
    ----------
    definition : Definition
    p_animal : float
        the probability it gives to "animal"
    label : str
        the class it takes
    loss : float
        −log of the probability it gives to the true class
    """

    definition: Definition
    p_animal: float
    label: str
    loss: float

    @property
    def right(self) -> bool:
        """Whether the class it takes is the true one."""
        return self.label == self.definition.label


def predict_texts(model: DefinitionsModel, texts: Iterable[str | Sequence[str]]) -> Array:
    """The class probabilities of any texts.

    Parameters
    ----------
    model : DefinitionsModel
    texts
        n texts, or lists of words; words that the model has not seen are unknown words

    Returns
    -------
    (n, 2) array
        a text a row: the probabilities of "animal" and of "other"
    """
    if isinstance(texts, str):
        raise TypeError(f"predict_texts: a list of texts was expected, not a single one: [{texts!r}]")
    tokens = [words(text) if isinstance(text, str) else text for text in texts]
    h0 = encode_batch(sentences(tokens, model.vocabulary), model.params["E"])
    return mlp(model.params, h0, ACTIVATIONS[model.activation])


def predictions(model: DefinitionsModel, examples: Sequence[Definition]) -> tuple[Prediction, ...]:
    """What the model says of each definition, in their order.

    Parameters
    ----------
    model : DefinitionsModel
    examples : n definitions
    """
    p = predict_texts(model, [d.tokens for d in examples])
    return tuple(
        Prediction(d, float(row[0]), CLASSES[int(row.argmax())], float(-np.log(row[CLASSES.index(d.label)])))
        for d, row in zip(examples, p, strict=True)
    )


def accuracy_on_test(model: DefinitionsModel) -> float:
    """The share of the test set that the model gets right. For the one selected model."""
    return float(np.mean([prediction.right for prediction in predictions(model, definitions().test)]))


def confusion(made: Iterable[Prediction]) -> npt.NDArray[np.int64]:
    """How often each true class was taken for each class.

    Parameters
    ----------
    made
        predictions

    Returns
    -------
    (2, 2) array of integers
        a row for the true class, a column for the class that the model takes, both in the order animal, other
    """
    counts = np.zeros((len(CLASSES), len(CLASSES)), dtype=np.int64)
    for prediction in made:
        counts[CLASSES.index(prediction.definition.label), CLASSES.index(prediction.label)] += 1
    return counts


def worst_mistakes(made: Iterable[Prediction], n: int = 10) -> tuple[Prediction, ...]:
    """The n wrong predictions with the largest loss, the worst first: the model was sure, and wrong.

    Parameters
    ----------
    made
        predictions
    n : int
        how many at most
    """
    wrong = [prediction for prediction in made if not prediction.right]
    return tuple(sorted(wrong, key=lambda prediction: -prediction.loss)[:n])


def duck_and_goose_senses() -> tuple[Definition, ...]:
    """The six senses of duck and goose, all of the test set: birds, cloth, meat, and a score of nought."""
    return tuple(d for d in definitions().test if d.word in ("duck", "goose"))


def report(model: DefinitionsModel) -> str:
    """What the model does on the test set, in words: accuracy, confusion, worst mistakes, duck and goose."""
    made = predictions(model, definitions().test)
    right = sum(prediction.right for prediction in made)
    table = confusion(made)
    lines = [
        f"{right} of {len(made)} test definitions right: {right / len(made):.1%}",
        "",
        "true \\ taken for" + "".join(f"{name:>8}" for name in CLASSES),
        *(f"{name:<16}" + "".join(f"{n:8d}" for n in row) for name, row in zip(CLASSES, table, strict=True)),
        "",
        "Worst mistakes:",
        *(_line(prediction) for prediction in worst_mistakes(made)),
        "",
        "The six senses of duck and goose:",
        *(_line(prediction) for prediction in predictions(model, duck_and_goose_senses())),
    ]
    return "\n".join(lines)


def _line(prediction: Prediction) -> str:
    d = prediction.definition
    verdict = "right" if prediction.right else f"wrong, it is {d.label}"
    return f"  p(animal) = {prediction.p_animal:.3f}  {verdict:<16}  {d.word}: {d.text}"


def _inputs(examples: Sequence[Definition], known: dict[str, int]) -> tuple[Sentences, Array]:
    return sentences([d.tokens for d in examples], known), one_hot([d.label for d in examples], CLASSES)
