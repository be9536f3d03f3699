"""Right answers to the exercises of lesson 08."""

import math

import numpy as np


def slices_of_a_permutation(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def cut_by_split(n, batch_size, rng):
    return np.split(rng.permutation(n), np.arange(batch_size, n, batch_size))


def a_while_loop(n, batch_size, rng):
    left, batches = rng.permutation(n), []
    while len(left) > 0:
        batches.append(left[:batch_size])
        left = left[batch_size:]
    return tuple(batches)


def shuffled_in_place(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(math.ceil(n / batch_size))]


def linear_by_max(eta0, step, total_steps):
    return max(0, eta0 * (1 - step / total_steps))


def linear_by_if(eta0, step, total_steps):
    if step >= total_steps:
        return 0
    return eta0 - eta0 * step / total_steps


def linear_by_steps_left(eta0, step, total_steps):
    return np.float64(eta0) * np.maximum(total_steps - step, 0) / total_steps


def exponential_by_power(eta0, step, rate):
    return eta0 * rate**step


def exponential_by_loop(eta0, step, rate):
    for _ in range(step):
        eta0 = eta0 * rate
    return eta0


def exponential_by_logarithm(eta0, step, rate):
    return eta0 * math.exp(step * math.log(rate))


def as_the_paper(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def towards_the_gradient(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m + (1 - beta1) * (gradient - m)
    v = v - (1 - beta2) * (v - np.square(gradient))
    step = (m / (1 - np.power(beta1, t))) / ((v / (1 - np.power(beta2, t))) ** 0.5 + eps)
    return [theta - step * learning_rate, m, v]


def on_copies(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    theta, m, v = theta.copy(), m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * gradient
    v *= beta2
    v += (1 - beta2) * gradient * gradient
    theta -= learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta, m, v


RIGHT = {
    "minibatches": [slices_of_a_permutation, cut_by_split, a_while_loop, shuffled_in_place],
    "schedules": [
        (linear_by_max, exponential_by_power),
        (linear_by_if, exponential_by_loop),
        (linear_by_steps_left, exponential_by_logarithm),
    ],
    "adam_step": [as_the_paper, towards_the_gradient, on_copies],
}
