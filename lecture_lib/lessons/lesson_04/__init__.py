"""What lesson 04 adds: its exercises and questions, the replay, the race, the suspects and the bugs."""

from .bugs import explore_bugs
from .published import half_right, suspect, suspects
from .racing import race
from .replaying import replay
from .trying import lecture_gradients, try_rule

_NOTEBOOK = "04_build_backprop"
