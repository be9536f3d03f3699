"""Backpropagation and gradient descent, to look at, to play with and to build.

A notebook writes ``import lecture_lib as ll``. What stands here is what notebooks need; each name is
fetched from its own package when it is first used, so that importing takes no time and nothing is
loaded that a program does without (Matplotlib and the widgets, above all).

- `lecture_lib.autodiff`: graphs, derivatives, the record of both passes
- `lecture_lib.learning`: the experimental routine, from words to a chosen model
- `lecture_lib.show`: pictures and tables
- `lecture_lib.explore`: the same with controls; questions
- `lecture_lib.exercises`: how an answer is judged, hints, progress
- `lecture_lib.lessons`: what each lesson asks and shows
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PACKAGES = ("autodiff", "learning", "show", "explore", "exercises", "lessons")

_HOMES = {
    "autodiff": """
        Node Primitive Record ShapeError parameter data constant primitive PRIMITIVES topological_order
        forward backward value_and_grad program compiled numeric_gradient gradient_error
        absolute add cross_entropy divide dot exp log log_softmax matmul matvec mean multiply negative
        pick power raise_to relu reshape sigmoid softmax sqrt square subtract sum tanh transpose
    """,
    "learning": """
        duck_goose sentence_graph encode encode_batch mlp mlp_forward mlp_loss mlp_parameters mlp_scores nll
        uniform normal glorot he words vocabulary sentences one_hot minibatches accuracy
        minimise train DivergenceError sgd momentum adam constant_rate linear_decay exponential_decay
        grid grid_search select_best
        definitions train_definitions train_one_definitions_model predictions predict_texts accuracy_on_test
        confusion worst_mistakes duck_and_goose_senses
    """,
    "show": "graph table line_chart embedding matrix_step relu_units softmax_bars",
    "explore": "Explorer Slider Choice Toggle Steps scrubber explore_graph",
    "lessons": """
        check hint progress student my_example compare recall predict backward_order_lines explore_descent
    """,
}
_HOME_OF = {name: package for package, names in _HOMES.items() for name in names.split()}

__all__ = [*_PACKAGES, *_HOME_OF]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"{__name__}.{name}")
    if name in _HOME_OF:
        found = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
