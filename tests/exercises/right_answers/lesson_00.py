"""Right answers to the exercises of lesson 00."""

import numpy as np


def doubles(x):
    return 2 * x


def adds_itself(x):
    return x + x


def gives_a_numpy_float(x):
    return np.float64(x) * 2


def gives_an_array_without_axes(x):
    return np.array(x) + np.array(x)


def gives_a_whole_number_where_it_can(x):
    twice = 2 * x
    return int(twice) if twice == int(twice) else twice


RIGHT = {
    "practice": [
        doubles,
        adds_itself,
        gives_a_numpy_float,
        gives_an_array_without_axes,
        gives_a_whole_number_where_it_can,
    ]
}
