"""Right answers to the exercises of lesson 02."""

import math

import numpy as np

import lecture_lib as ll


def a_copy_for_each_side(f, theta, h=1e-5):
    gradient = np.zeros(np.shape(theta))
    for place in np.ndindex(gradient.shape):
        above, below = np.array(theta, dtype=float), np.array(theta, dtype=float)
        above[place] += h
        below[place] -= h
        gradient[place] = (f(above) - f(below)) / (2 * h)
    return gradient


def moved_and_put_back(f, theta, h=1e-5):
    theta = theta.astype(float)
    gradient = np.empty_like(theta)
    with np.nditer(theta, flags=["multi_index"], op_flags=["readwrite"]) as places:
        for _ in places:
            place = places.multi_index
            old = theta[place]
            theta[place] = old + h
            above = f(theta)
            theta[place] = old - h
            below = f(theta)
            theta[place] = old
            gradient[place] = (above - below) / 2 / h
    return gradient


def in_one_row_and_back(f, theta, h=1e-5):
    row = np.asarray(theta, dtype=np.float64).ravel()
    steps = h * np.eye(row.size)
    slopes = [
        (f((row + e).reshape(theta.shape)) - f((row - e).reshape(theta.shape))) / (2 * h) for e in steps
    ]
    return np.array(slopes).reshape(theta.shape)


def by_vectorize_over_places(f, theta, h=1e-5):
    def one(number):
        step = np.zeros(theta.size)
        step[number] = h
        step = step.reshape(theta.shape)
        return 0.5 * (f(theta + step) / h - f(theta - step) / h)

    return np.vectorize(one, otypes=[float])(np.arange(theta.size).reshape(theta.shape))


def theta_itself_and_put_back(f, theta, h=1e-5):
    if theta.dtype != float:
        return theta_itself_and_put_back(f, theta.astype(float), h)
    gradient = np.zeros_like(theta)
    for place in np.ndindex(theta.shape):
        old = theta[place].item()
        theta[place] = old + h
        above = f(theta)
        theta[place] = old - h
        gradient[place] = (above - f(theta)) / (2 * h)
        theta[place] = old
    return gradient


def a_float_for_a_single_number(f, theta, h=1e-5):
    if theta.ndim == 0:
        return (f(theta + h) - f(theta - h)) / (2 * h)
    return a_copy_for_each_side(f, theta, h)


def axis_by_axis(f, theta, h=1e-5):
    if np.ndim(theta) == 0:
        return np.asarray((f(np.array(theta + h)) - f(np.array(theta - h))) / (2 * h))

    def with_row(i, row):
        whole = np.array(theta, dtype=float)
        whole[i] = row
        return f(whole)

    return np.array(
        [axis_by_axis(lambda row, i=i: with_row(i, row), part, h) for i, part in enumerate(theta)]
    )


def largest_taken_away(z):
    exponentials = np.exp(z - np.max(z))
    return exponentials / np.sum(exponentials)


def by_logarithms(z):
    return np.exp(z - np.logaddexp.reduce(z))


def by_differences(z):
    with np.errstate(over="ignore"):
        return np.array([1 / sum(np.exp(z - score)) for score in z])


def in_python(z):
    largest = max(z)
    exponentials = [math.exp(score - largest) for score in z]
    return np.array([one / math.fsum(exponentials) for one in exponentials])


def with_axes_kept(z):
    z = z[None, :]
    shifted = np.exp(z - z.max(axis=1, keepdims=True))
    return (shifted / shifted.sum(axis=1, keepdims=True))[0]


def in_long_doubles(z):
    z = z.astype(np.longdouble)
    z -= z.max()
    return (np.exp(z) / np.exp(z).sum()).astype(float)


def with_the_outer_product(W, b, x, y):
    z = W @ x + b
    d_z = ll.softmax(z) - y
    return np.outer(d_z, x), d_z


def slide_by_slide(W, b, x, y):
    scores = [
        sum(w * value for w, value in zip(row, x, strict=True)) + bias for row, bias in zip(W, b, strict=True)
    ]
    p = largest_taken_away(np.array(scores))
    d_W = np.zeros(W.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            d_W[i, j] = -(y[i] - p[i]) * x[j]
    return [d_W, -(y - p)]


def by_the_jacobian_row_by_row(W, b, x, y):
    p = largest_taken_away(W @ x + b)
    jacobian = np.array([[p[i] * ((i == k) - p[k]) for k in range(len(p))] for i in range(len(p))])
    d_z = jacobian.T @ (-y / p)
    return d_z[:, None] @ x[None, :], d_z.copy()


def by_own_differences(W, b, x, y):
    def loss(W, b):
        return -(y * np.log(largest_taken_away(W @ x + b))).sum()

    return a_copy_for_each_side(lambda W: loss(W, b), W), a_copy_for_each_side(lambda b: loss(W, b), b)


def by_broadcasting(W, b, x, y):
    true = int(y.argmax())
    d_z = largest_taken_away(x @ W.T + b)
    d_z[true] -= 1
    return d_z.reshape(-1, 1) * x, d_z


def by_einsum(W, b, x, y):
    d_b = largest_taken_away(np.einsum("ij,j->i", W, x) + b) - y
    return np.einsum("i,j->ij", d_b, x), d_b


RIGHT = {
    "numeric_gradient": [
        a_copy_for_each_side,
        moved_and_put_back,
        in_one_row_and_back,
        by_vectorize_over_places,
        theta_itself_and_put_back,
        a_float_for_a_single_number,
        axis_by_axis,
    ],
    "softmax": [
        largest_taken_away,
        by_logarithms,
        by_differences,
        in_python,
        with_axes_kept,
        in_long_doubles,
    ],
    "softmax_layer_gradient": [
        with_the_outer_product,
        slide_by_slide,
        by_the_jacobian_row_by_row,
        by_own_differences,
        by_broadcasting,
        by_einsum,
    ],
}
