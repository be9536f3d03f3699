"""What lesson 08 adds: its exercises, questions and explorers."""

from .ball import explore_momentum
from .batch_sizes import measure_batch_sizes, show_batch_sizes
from .falling_rates import explore_schedules
from .moments import explore_moments
from .racing import explore_race, race_results
from .unbiased import explore_batches

_NOTEBOOK = "08_minibatches_schedules_adam"
