"""Wrong answers to lesson 08's exercises, as three kinds of student would write them."""

import random

import numpy as np

import lecture_lib as ll

# ruff: noqa: NPY002, PERF401 (written as students write)

# ------------------------------------------------------------------ minibatches


def batches_whole_only(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]


def batches_by_choice(n, batch_size, rng):
    return [rng.choice(n, batch_size) for _ in range(0, n, batch_size)]


def batches_in_order(n, batch_size, rng):
    return [np.arange(n)[i : i + batch_size] for i in range(0, n, batch_size)]


def batches_by_numpys_own(n, batch_size, rng):
    order = np.random.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def batches_by_random(n, batch_size, rng):
    order = list(range(n))
    random.shuffle(order)
    return [np.array(order[i : i + batch_size]) for i in range(0, n, batch_size)]


def batches_shuffled_each(n, batch_size, rng):
    batches = []
    for start in range(0, n, batch_size):
        order = rng.permutation(n)
        batches.append(order[start : start + batch_size])
    return batches


def batches_by_array_split(n, batch_size, rng):
    return np.array_split(rng.permutation(n), n // batch_size)


def batches_every_start(n, batch_size, rng):
    order = rng.permutation(n)
    batches = []
    for i in range(n):
        batches.append(order[i : i + batch_size])
    return batches


def batches_first_only(n, batch_size, rng):
    order = rng.permutation(n)
    for i in range(0, n, batch_size):
        return [order[i : i + batch_size]]


def batches_all(n, batch_size, rng):
    return rng.permutation(n)


def batches_printed(n, batch_size, rng):
    order = rng.permutation(n)
    for i in range(0, n, batch_size):
        print(order[i : i + batch_size])


def batches_reshaped(n, batch_size, rng):
    return rng.permutation(n).reshape(-1, batch_size)


def batches_that_end_alike(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start:batch_size] for start in range(0, n, batch_size)]


def batches_one_too_many(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size + 1)]


def batches_dealt_like_cards(n, batch_size, rng):
    order = rng.permutation(n)
    count = -(-n // batch_size)
    return [order[k::count] for k in range(count)]


def batches_of_a_choice_without_replacement(n, batch_size, rng):
    order = rng.choice(n, n, replace=False)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def batches_of_a_call(n, batch_size, rng):
    order = rng(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


# ------------------------------------------------------------------ schedules


def linear(eta0, step, total_steps):
    return max(0.0, eta0 * (1 - step / total_steps))


def exponential(eta0, step, rate):
    return eta0 * rate**step


def linear_without_an_end(eta0, step, total_steps):
    return eta0 - eta0 * step / total_steps


def linear_of_whole_numbers(eta0, step, total_steps):
    return eta0 * (1 - step // total_steps)


def linear_constant(eta0, step, total_steps):
    return eta0


def linear_nothing(eta0, step, total_steps):
    return 0.0


def linear_share(eta0, step, total_steps):
    return eta0 * step / total_steps


def linear_minus_share(eta0, step, total_steps):
    return max(0.0, eta0 - step / total_steps)


def linear_min(eta0, step, total_steps):
    return min(0.0, eta0 * (1 - step / total_steps))


def exponential_of_e(eta0, step, rate):
    return eta0 * np.exp(-rate * step)


def exponential_by_hat(eta0, step, rate):
    return eta0 * rate ^ step


def exponential_once(eta0, step, rate):
    return eta0 * rate


def exponential_product(eta0, step, rate):
    return (eta0 * rate) ** step


def exponential_of_step(eta0, step, rate):
    return eta0 * step**rate


def exponential_by_subtraction(eta0, step, rate):
    for _ in range(step):
        eta0 = eta0 - rate
    return eta0


def exponential_divided(eta0, step, rate):
    return eta0 / rate**step


def linear_upside_down(eta0, step, total_steps):
    return eta0 * max(0, 1 - total_steps / max(step, 1))


def pair(linear_decay=linear, exponential_decay=exponential):
    """Both functions of the exercise, one of them right."""
    wrong = exponential_decay if linear_decay is linear else linear_decay

    def answer():
        return linear_decay, exponential_decay

    answer.__name__ = wrong.__name__
    return answer


# ------------------------------------------------------------------ adam_step


def adam_uncorrected(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return theta - learning_rate * m / (np.sqrt(v) + eps), m, v


def adam_rmsprop(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * gradient / (np.sqrt(v_hat) + eps), m, v


def adam_eps_inside(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / np.sqrt(v_hat + eps), m, v


def adam_without_a_root(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (v_hat + eps), m, v


def adam_no_square(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * abs(gradient)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_plus(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta + learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_times_t(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1 * t)
    v_hat = v / (1 - beta2 * t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_theta_alone(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps)


def adam_in_place(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m *= beta1
    m += (1 - beta1) * gradient
    v *= beta2
    v += (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_beta_twice(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + beta1 * gradient
    v = beta2 * v + beta2 * gradient**2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - learning_rate * step, m, v


def adam_m_squared(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * m**2
    return theta - learning_rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def adam_square_of_all(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + ((1 - beta2) * gradient) ** 2
    return theta - learning_rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def adam_brackets(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / 1 - beta1**t
    v_hat = v / 1 - beta2**t
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_no_average(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + gradient
    v = beta2 * v + gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps), m, v


def adam_in_another_order(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    step = learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return m, v, theta - step


def adam_without_brackets(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + 1 - beta1 * gradient
    v = beta2 * v + 1 - beta2 * gradient**2
    return theta - learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def adam_doubles(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient * 2
    return theta - learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def adam_of_the_paper(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return theta - 0.001 * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def adam_of_the_library(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return ll.adam_step(theta, gradient, m, v, t, learning_rate, beta1, beta2, eps)


WRONG = {
    "minibatches": [
        (batches_whole_only, 1, "Which batch may be short?", "drops the last"),
        (batches_by_choice, 0, "What gives each index exactly once?", "samples with replacement"),
        (batches_in_order, 0, "What is rng there for?", "no shuffle"),
        (batches_by_numpys_own, 0, "Whose permutation is asked?", "shuffles by global state"),
        (batches_by_random, 0, "Whose permutation is asked?", "shuffles by Python's random"),
        (batches_shuffled_each, 0, "How many permutations has an epoch?", "a new shuffle for each batch"),
        (batches_by_array_split, 1, "does not fill a batch", "a piece for each whole batch"),
        (batches_every_start, 0, "Your batches overlap", "overlapping batches"),
        (batches_first_only, 0, "one batch alone", "only one batch"),
        (batches_all, 0, "single indices", "not grouped into batches"),
        (batches_printed, 0, "Does it end with return?", None),
        (batches_reshaped, 0, "one array with two axes", "one array with two axes"),
        (batches_that_end_alike, 0, "every slice ends at batch_size", "a slice that ends at batch_size"),
        (batches_one_too_many, 2, "your last batch is empty", "an empty batch at the end"),
        (batches_dealt_like_cards, 0, "at equal distances", "every k-th index"),
        (batches_of_a_choice_without_replacement, 0, "Each index comes once", "all indices in another order"),
        (batches_of_a_call, 0, "not callable", None),
    ],
    "schedules": [
        (pair(linear_without_an_end), 2, "is negative", "goes negative"),
        (pair(linear_of_whole_numbers), 1, "cuts to whole numbers", "goes negative"),
        (pair(linear_constant), 1, "eta0 at every step", "always eta0"),
        (pair(linear_nothing), 1, "0 at every step", "always 0"),
        (pair(linear_share), 1, "begins at 0 and grows", "the share that is gone"),
        (pair(linear_minus_share), 1, "away from eta0 itself", "the share taken from eta0"),
        (pair(exponential, linear), 0, "In which order does the line", "the two exchanged"),
        (pair(linear_upside_down), 1, "You divide total_steps by the step", "the step below the line"),
        (pair(linear_min), 1, "keeps the larger", "min for max"),
        (pair(exponential_decay=exponential_of_e), 2, "e to the power", "exp(−rate · step)"),
        (pair(exponential_decay=exponential_by_hat), 2, "A power is written **", "^ for a power"),
        (pair(exponential_decay=exponential_once), 2, "the same at every step", "one factor alone"),
        (pair(exponential_decay=exponential_product), 2, "taken eta0 with it", "eta0 in the power"),
        (pair(exponential_decay=exponential_by_subtraction), 2, "is a straight line", "rate · step"),
        (
            pair(exponential_decay=exponential_divided),
            2,
            "divided by a number below 1",
            "divides by the factor",
        ),
        (
            pair(exponential_decay=exponential_of_step),
            2,
            "multiplied again and again",
            "step to the power of rate",
        ),
    ],
    "adam_step": [
        (adam_uncorrected, 2, "What makes up for that", "no bias correction"),
        (adam_rmsprop, 2, "What is m kept for?", "the gradient in place of m̂"),
        (adam_eps_inside, 2, "before the root is taken", "eps inside the root"),
        (adam_without_a_root, 2, "made of squares", "no root"),
        (adam_no_square, 0, "Of which power", "the size of the gradient in v"),
        (adam_plus, 2, "uphill", "plus sign"),
        (adam_times_t, 2, "multiplies β by t", "1 − β t for 1 − βᵗ"),
        (adam_theta_alone, 0, "What else does the next step need?", "theta alone"),
        (adam_in_place, 3, "changed in place", "changes m in place"),
        (adam_no_average, 0, "belongs in an average", "1 − β left out"),
        (adam_beta_twice, 0, "both count for β", "β for both weights"),
        (adam_m_squared, 0, "an average of m²", "m squared in v"),
        (adam_square_of_all, 0, "squared with the gradient", "1 − β₂ squared too"),
        (adam_brackets, 2, "takes the power away", "brackets left out of the correction"),
        (adam_in_another_order, 0, "stands in another order", "another order"),
        (adam_without_brackets, 0, "Where do brackets belong?", "no brackets around 1 − β"),
        (adam_doubles, 0, "an average of twice the gradient", "twice the gradient in v"),
        (adam_of_the_paper, 0, "whatever is handed in as beta1", "numbers for the settings"),
        (adam_of_the_library, 0, "ll.adam_step", "the library's own answer"),
    ],
}
