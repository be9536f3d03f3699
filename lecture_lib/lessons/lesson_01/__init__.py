"""What lesson 01 adds: its exercises, questions and explorers."""

from .explorers import explore_promise

_NOTEBOOK = "01_loss_and_update"
