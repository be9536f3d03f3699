"""Floor 2, the experimental routine: text, model, optimisers, training, search."""

from .duck_goose import DuckGoose, duck_goose

__all__ = ["DuckGoose", "duck_goose"]
