"""The exercises of lesson 04, in the order of the lesson."""

from .passes import backward_pass, order
from .rules import gradient_check, matvec_rule, mul_rule, relu_rule, softmax_rule

EXERCISES = (mul_rule, matvec_rule, relu_rule, softmax_rule, order, backward_pass, gradient_check)
