"""Lesson 03, Graphs and the chain rule: a neuron forward and backward, two paths, the algorithm's lines."""

from .chain_rule import neuron_forward, neuron_gradients
from .ordered_lines import backward_order
from .paths import fan_out

EXERCISES = (neuron_forward, neuron_gradients, fan_out, backward_order)
