"""Lesson 08, Minibatches, schedules, Adam: what it asks. Each exercise is made in a file of its own."""

from .adam import adam_step_exercise
from .epoch import minibatches_exercise
from .rates import schedules_exercise

EXERCISES = (minibatches_exercise, schedules_exercise, adam_step_exercise)
