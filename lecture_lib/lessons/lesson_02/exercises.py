"""The exercises of lesson 02, each from its file."""

from .by_moving import numeric_gradient_exercise
from .softmax_alone import softmax_exercise
from .softmax_layer import softmax_layer_gradient_exercise

EXERCISES = (numeric_gradient_exercise, softmax_exercise, softmax_layer_gradient_exercise)
