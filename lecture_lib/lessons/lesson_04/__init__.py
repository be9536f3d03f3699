"""What lesson 04 adds: its exercises and questions, the replay, the race, the suspects and the bugs."""

from .bugs import explore_bugs
from .race import race
from .replay import replay
from .suspects import half_right, suspect, suspects
from .trying import lecture_gradients, try_rule
