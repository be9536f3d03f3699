"""The exercises of lesson 04, in the order of the lesson."""

from .gradient_checks import gradient_check
from .orders import order
from .passes import backward_pass
from .product_rules import matvec_rule, mul_rule
from .relu_rules import relu_rule
from .softmax_rules import softmax_rule

EXERCISES = (mul_rule, matvec_rule, relu_rule, softmax_rule, order, backward_pass, gradient_check)
