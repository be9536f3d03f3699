"""What lesson 03 adds: its exercises, questions and explorers."""

from .exercises import backward_order_lines
