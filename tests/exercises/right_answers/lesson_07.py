"""Right answers to the exercises of lesson 07."""

import math

import numpy as np

import lecture_lib as ll


def as_the_slide_repaired(gradient, theta0, learning_rate, stop, max_steps):
    s = 0
    theta = theta0
    while s < max_steps:
        new = theta - learning_rate * gradient(theta)
        s = s + 1
        if stop(theta, new, s):
            return new
        theta = new
    return theta


def with_a_for_loop(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before - learning_rate * gradient(before)
        if stop(before, theta, step):
            break
    return theta


def a_copy_changed_in_place(gradient, theta0, learning_rate, stop, max_steps):
    theta = theta0.copy()
    for step in range(max_steps):
        before = theta.copy()
        theta -= learning_rate * gradient(theta)
        if stop(before, theta, step + 1) is True:
            return theta
    return theta


def with_the_whole_way(gradient, theta0, learning_rate, stop, max_steps):
    way = [theta0]
    while len(way) <= max_steps:
        way.append(np.subtract(way[-1], np.multiply(learning_rate, gradient(way[-1]))))
        if stop(way[-2], way[-1], len(way) - 1):
            break
    return way[-1]


def by_calling_itself(gradient, theta0, learning_rate, stop, max_steps, step=1):
    after = theta0 - learning_rate * gradient(theta0)
    if stop(theta0, after, step) or step == max_steps:
        return after
    return by_calling_itself(gradient, after, learning_rate, stop, max_steps, step + 1)


def until_a_flag_is_set(gradient, theta0, learning_rate, stop, max_steps):
    theta, step, done = np.array(theta0), 0, False
    while not done and step != max_steps:
        step += 1
        slope = gradient(theta)
        before, theta = theta, theta - slope * learning_rate
        done = stop(before, theta, step) == True  # noqa: E712
    return theta


def with_the_step_of_lesson_01(gradient, theta0, learning_rate, stop, max_steps):
    before = theta0
    for step in range(max_steps):
        after = ll.sgd_step(before, gradient(before), learning_rate)
        if stop(before, after, step + 1):
            return after
        before = after
    return before


def by_the_norm(before, after, tau):
    return np.linalg.norm(after - before) < tau


def by_the_norm_the_other_way(before, after, tau):
    answer = False
    if np.linalg.norm((before - after).ravel()) < tau:
        answer = True
    return answer


def by_pythagoras(before, after, tau):
    return bool(np.sum((after - before) ** 2) ** 0.5 < tau)


def by_squares(before, after, tau):
    return ((after - before) ** 2).sum() < tau**2


def by_the_distance(before, after, tau):
    return math.dist(before.ravel(), after.ravel()) < tau


def in_a_loop(before, after, tau):
    total = 0.0
    for place in np.ndindex(before.shape):
        total += abs(before[place] - after[place]) ** 2
    return tau > math.sqrt(total)


def in_an_array_without_axes(before, after, tau):
    return np.array(np.sqrt(np.einsum("i,i", *(2 * [(after - before).ravel()]))) < tau)


def counts_in_a_row(dev_losses, patience):
    best, waited = 0, 0
    for evaluation in range(1, len(dev_losses)):
        if dev_losses[evaluation] < dev_losses[best]:
            best, waited = evaluation, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return best


def compares_places(dev_losses, patience):
    best = 0
    for i, loss in enumerate(dev_losses):
        if loss < dev_losses[best]:
            best = i
        if i - best == patience:
            return best
    return best


def from_infinity(dev_losses, patience):
    lowest, place, bad = float("inf"), None, 0
    for i, loss in enumerate(dev_losses):
        if loss < lowest:
            lowest, place, bad = loss, i, 0
            continue
        bad += 1
        if bad == patience:
            return place
    return place


def looks_at_windows(dev_losses, patience):
    losses = np.array(dev_losses)
    for end in range(len(losses)):
        best = np.argmin(losses[: end + 1])
        if end - best >= patience:
            return best
    return np.argmin(losses)


def as_a_float(dev_losses, patience):
    return float(counts_in_a_row(dev_losses, patience))


RIGHT = {
    "gradient_descent": [
        as_the_slide_repaired,
        with_a_for_loop,
        a_copy_changed_in_place,
        with_the_whole_way,
        by_calling_itself,
        until_a_flag_is_set,
        with_the_step_of_lesson_01,
    ],
    "converged": [
        by_the_norm,
        by_the_norm_the_other_way,
        by_pythagoras,
        by_squares,
        by_the_distance,
        in_a_loop,
        in_an_array_without_axes,
    ],
    "early_stopping": [counts_in_a_row, compares_places, from_infinity, looks_at_windows, as_a_float],
}
