"""What lesson 08 adds: its exercises, questions and explorers."""

from .unbiased import explore_batches
