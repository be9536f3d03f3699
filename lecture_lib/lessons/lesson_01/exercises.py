"""The exercises of lesson 01, each from its file."""

from .data_set_loss import nll
from .one_step import sgd_step

EXERCISES = (nll, sgd_step)
