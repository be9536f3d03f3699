"""The exercises of lesson 06, each from its file."""

from .by_hand import backward_by_hand
from .every_gradient import mlp_gradients
from .slides_errata import errata

EXERCISES = (backward_by_hand, mlp_gradients, errata)
