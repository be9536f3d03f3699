"""What lesson 06 adds: its exercises, questions and explorers."""

from .explorers import explore_descent

_NOTEBOOK = "06_duck_goose_backward"
