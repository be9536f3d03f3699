"""Controls around pictures, and questions to think about before looking."""

from .controls import Choice, Slider, Steps, Toggle, numbers
from .explorer import Explorer
from .question import Option, Question
from .scrubbers import explore_graph, scrubber
