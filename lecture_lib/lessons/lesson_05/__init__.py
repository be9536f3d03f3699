"""What lesson 05 adds: its exercises, questions and explorers."""

_NOTEBOOK = "05_duck_goose_forward"
