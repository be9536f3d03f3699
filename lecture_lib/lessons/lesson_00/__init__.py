"""What lesson 00 adds: its exercises, questions and explorers."""

_NOTEBOOK = "00_start_here"
