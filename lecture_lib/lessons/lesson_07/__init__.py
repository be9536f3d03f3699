"""What lesson 07 adds: its exercises, questions and explorers."""

from .dev_curve import train_without_stopping
from .diagnosis import diagnose, explore_runs
from .slide_loop import explore_slide_loop
from .starts import explore_divergence, explore_starts
from .stopping import explore_patience, explore_stopping_by_change
from .symmetry import explore_symmetry

_NOTEBOOK = "07_descent"
