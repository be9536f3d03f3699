"""Right answers to the exercises of lesson 03."""

import math
from typing import NamedTuple

import numpy as np


def line_by_line(x, w, b, y):
    c = w * x
    d = c + b
    e = y - d
    loss = e**2
    return c, d, e, loss


def in_a_list(x, w, b, y):
    return [w * x, w * x + b, y - w * x - b, (y - w * x - b) * (y - w * x - b)]


class Values(NamedTuple):
    c: float
    d: float
    e: float
    loss: float


def in_a_named_tuple(x, w, b, y):
    return Values(w * x, w * x + b, y - (w * x + b), math.pow(y - (w * x + b), 2))


def in_numpy(x, w, b, y):
    c = np.multiply(w, x)
    d = np.array(c) + np.array(b)
    e = np.subtract(y, d)
    return c, d, e, np.square(e)


def in_float32(x, w, b, y):
    x, w, b, y = (np.float32(number) for number in (x, w, b, y))
    c = w * x
    return c, c + b, y - (c + b), (y - (c + b)) ** 2


def factor_by_factor(x, w, b, y):
    d_e = 2 * (y - (w * x + b))
    d_d = d_e * -1
    return d_d * x, d_d * 1


def closed_form(x, w, b, y):
    residual = w * x + b - y
    return [2 * residual * x, 2 * residual]


def by_moving_it_a_little(x, w, b, y):
    def loss(w, b):
        return (y - (w * x + b)) ** 2

    h = 1e-5
    return (loss(w + h, b) - loss(w - h, b)) / (2 * h), (loss(w, b + h) - loss(w, b - h)) / (2 * h)


def as_arrays_without_axes(x, w, b, y):
    e = y - w * x - b
    return np.array(-2 * e * x), np.array(-2 * e)


def path_by_path(x):
    a, b = x + 1, x**2
    return b * 1 + a * 2 * x


def polynomial(x):
    return 3 * x**2 + 2 * x


def in_a_loop(x):
    total = 0.0
    for d_factor, d_inner in ((x * x, 1), (x + 1, 2 * x)):
        total += d_factor * d_inner
    return np.float64(total)


def seed_before_values(student):
    return ["E", "C", "F", "J", "H", "A", "I", "D"]


def as_a_tuple(student):
    return tuple("CFEJHAID")


def values_first(student):
    return list("EJCFHAID")


def zeros_first(student):
    return list("CEJFHAID")


def zeros_between(student):
    return list("ECJFHAID")


def small_letters(student):
    return list("cefjhaid")


def forward_in_an_array(x, w, b, y):
    c = w * x
    return np.array([c, c + b, y - c - b, (y - c - b) ** 2])


def gradients_in_an_array(x, w, b, y):
    e = y - w * x - b
    return np.array([-2 * e * x, -2 * e])


RIGHT = {
    "neuron_forward": [line_by_line, in_a_list, in_a_named_tuple, in_numpy, in_float32, forward_in_an_array],
    "neuron_gradients": [
        factor_by_factor,
        closed_form,
        by_moving_it_a_little,
        as_arrays_without_axes,
        gradients_in_an_array,
    ],
    "fan_out": [path_by_path, polynomial, in_a_loop],
    "backward_order": [
        seed_before_values,
        as_a_tuple,
        values_first,
        zeros_first,
        zeros_between,
        small_letters,
    ],
}
