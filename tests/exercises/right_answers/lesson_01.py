"""Right answers to the exercises of lesson 01."""

import math

import numpy as np


def sum_of_products(p, y):
    return -np.sum(y * np.log(p))


def dot_product(p, y):
    return -(y @ np.log(p))


def loop_over_the_classes(p, y):
    loss = 0.0
    for i in range(len(p)):
        loss = loss - y[i] * math.log(p[i])
    return loss


def true_class_by_its_number(p, y):
    return -np.log(p[np.argmax(y)])


def true_class_by_a_mask(p, y):
    return -np.log(p[y == 1])[0]


def logarithm_of_the_picked_probability(p, y):
    return np.log(1 / (y * p).sum())


def logarithm_of_the_product(p, y):
    return -np.log(np.prod(p**y))


def change_of_base(p, y):
    return float(-np.log2(np.dot(y, p)) * np.log(2))


def in_an_array_without_axes(p, y):
    return np.array(-np.einsum("i,i", y, np.log(p)))


def in_float32(p, y):
    return -(y.astype(np.float32) * np.log(p.astype(np.float32))).sum()


def in_lists(p, y):
    return -sum(truth * math.log(probability) for probability, truth in zip(p, y, strict=True))


def the_rule(theta, gradient, learning_rate):
    return theta - learning_rate * gradient


def a_copy_changed(theta, gradient, learning_rate):
    new = theta.copy()
    new -= learning_rate * gradient
    return new


def adding_the_opposite(theta, gradient, learning_rate):
    return np.add(theta, -gradient * learning_rate)


def entry_by_entry(theta, gradient, learning_rate):
    new = np.zeros_like(theta)
    for place in np.ndindex(theta.shape):
        new[place] = theta[place] - learning_rate * gradient[place]
    return new


def name_used_again(theta, gradient, learning_rate):
    theta = theta - gradient * learning_rate
    return theta


def flat_and_back(theta, gradient, learning_rate):
    moved = [t - learning_rate * g for t, g in zip(theta.ravel(), gradient.ravel(), strict=True)]
    return np.array(moved).reshape(theta.shape)


def step_in_float32(theta, gradient, learning_rate):
    return (theta - learning_rate * gradient).astype(np.float32)


RIGHT = {
    "nll": [
        sum_of_products,
        dot_product,
        loop_over_the_classes,
        true_class_by_its_number,
        true_class_by_a_mask,
        logarithm_of_the_picked_probability,
        logarithm_of_the_product,
        change_of_base,
        in_an_array_without_axes,
        in_float32,
        in_lists,
    ],
    "sgd_step": [
        the_rule,
        a_copy_changed,
        adding_the_opposite,
        entry_by_entry,
        name_used_again,
        flat_and_back,
        step_in_float32,
    ],
}
