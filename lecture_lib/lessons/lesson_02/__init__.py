"""What lesson 02 adds: its exercises, questions and explorers."""

from .explorers import explore_neuron_loss, explore_partials, explore_scores, explore_secants
from .own_work import error_by_step, gradient_map

_NOTEBOOK = "02_gradients"
