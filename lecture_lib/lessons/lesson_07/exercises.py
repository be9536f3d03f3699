"""Lesson 07, Descent: what it asks. Each exercise is made in a file of its own."""

from .at_rest import converged_exercise
from .on_dev import early_stopping_exercise
from .the_loop import gradient_descent_exercise

EXERCISES = (gradient_descent_exercise, converged_exercise, early_stopping_exercise)
