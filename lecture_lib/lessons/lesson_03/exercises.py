"""Lesson 03, Graphs and the chain rule: a neuron forward and backward, two paths, the algorithm's lines."""

from .chain_rule import fan_out, neuron_forward, neuron_gradients
from .ordered_lines import backward_order

EXERCISES = (neuron_forward, neuron_gradients, fan_out, backward_order)
