"""Controls around pictures, and questions to think about before looking."""

from lecture_lib.common import Displayable

from .controls import Choice, Control, Slider, Steps, Toggle, numbers
from .explorer import Explorer
from .question import Option, Question, Questions, predict, recall, register_questions
from .scrubbers import explore_graph, scrubber

__all__ = [
    "Choice",
    "Control",
    "Displayable",
    "Explorer",
    "Option",
    "Question",
    "Questions",
    "Slider",
    "Steps",
    "Toggle",
    "explore_graph",
    "numbers",
    "predict",
    "recall",
    "register_questions",
    "scrubber",
]
