"""The exercises of lesson 09, in the order of the lesson."""

from .grids import grid_of_choices
from .selecting import best_on_dev

EXERCISES = (grid_of_choices, best_on_dev)
