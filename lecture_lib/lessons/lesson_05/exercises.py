"""Lesson 05, Duck, duck, goose forward: the encoder, the network, and one forward pass by hand."""

from .by_hand import forward_by_hand
from .encoding import encode
from .forward import mlp_forward

EXERCISES = (encode, mlp_forward, forward_by_hand)
