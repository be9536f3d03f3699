"""What lesson 09 adds: its exercises, questions and explorers."""

from .curse import explore_curse
from .grid_map import explore_grid, show_searches

_NOTEBOOK = "09_model_selection"
