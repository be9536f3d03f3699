"""What lesson 03 adds: its exercises, questions and explorers."""

from .ordered_lines import backward_order_lines
