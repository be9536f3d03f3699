"""What lesson 03 adds: its exercises, questions and explorers."""

from .ordered_lines import backward_order_lines

_NOTEBOOK = "03_graphs_and_the_chain_rule"
