"""Right answers to the exercises of lesson 05."""

import math
from collections import Counter

import numpy as np

import lecture_lib as ll
from lecture_lib.lessons import example_of


def picks_columns(tokens, vocabulary, E):
    return E[:, [vocabulary[token] for token in tokens]].mean(axis=1)


def adds_in_a_loop(tokens, vocabulary, E):
    total = np.zeros(E.shape[0])
    for token in tokens:
        total += E[:, vocabulary[token]]
    return total / len(tokens)


def counts_words(tokens, vocabulary, E):
    counts = np.zeros(E.shape[1])
    for token, times in Counter(tokens).items():
        counts[vocabulary[token]] = times
    return E @ (counts / counts.sum())


def plain_python(tokens, vocabulary, E):
    rows = E.tolist()
    return np.array([sum(row[vocabulary[token]] for token in tokens) / len(tokens) for row in rows])


def on_its_own_copy(tokens, vocabulary, E):
    columns = E.T.copy()
    total = columns[vocabulary[tokens[0]]]
    for token in list(tokens)[1:]:
        total = total + columns[vocabulary[token]]
    total /= len(tokens)
    return total


def in_float32(tokens, vocabulary, E):
    return np.mean([E[:, vocabulary[token]].astype(np.float32) for token in tokens], axis=0)


def eats_its_own_list(tokens, vocabulary, E):
    left = list(tokens)
    total = 0.0
    while left:
        total = total + E.take(vocabulary[left.pop()], axis=1)
    return total / len(tokens)


def as_on_the_slides(h0, W, b, U):
    z = W @ h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    p = np.exp(o) / np.sum(np.exp(o))
    return z, h, o, p


def stable_softmax(h0, W, b, U):
    z = np.dot(W, h0) + b
    h = np.where(z > 0, z, 0)
    o = np.dot(U, h)
    shifted = np.exp(o - o.max())
    return [z, h, o, shifted / shifted.sum()]


def entry_by_entry(h0, W, b, U):
    z = [sum(W[i, j] * h0[j] for j in range(len(h0))) + b[i] for i in range(len(b))]
    h = [max(0.0, value) for value in z]
    o = [sum(row[j] * h[j] for j in range(len(h))) for row in U]
    total = sum(math.exp(score) for score in o)
    return np.array(z), np.array(h), np.array(o), np.array([math.exp(score) / total for score in o])


def mask_in_place_on_a_copy(h0, W, b, U):
    z = np.einsum("ij,j->i", W, h0)
    z += b
    h = z.copy()
    h[h < 0] = 0
    o = U.dot(h)
    return z, h, o, 1 / np.exp(o[None, :] - o[:, None]).sum(axis=1)


def with_the_librarys_functions(h0, W, b, U):
    z = ll.matvec(W, h0) + b
    h = ll.relu(z)
    o = ll.matvec(U, h)
    return z, h, o, ll.softmax(o)


def narrow(h0, W, b, U):
    return tuple(array.astype(np.float32) for array in as_on_the_slides(h0, W, b, U))


def _own_values(student):
    own = example_of(student)
    h0 = picks_columns(own.tokens, own.vocabulary, own.E)
    z, h, o, p = as_on_the_slides(h0, own.W, own.b, own.U)
    return {"h0": h0, "z": z, "h": h, "o": o, "p": p, "loss": -np.log(p[own.y == 1][0])}


def in_full(student):
    return _own_values(student)


def rounded_to_two_decimals(student):
    return {name: np.round(value, 2) for name, value in _own_values(student).items()}


def lists_of_rounded_numbers(student):
    return {name: np.round(value, 2).tolist() for name, value in _own_values(student).items()}


def on_paper(student):
    """Every step is rounded to two decimals before the next one, as on paper."""

    def on_paper(numbers):
        return [math.floor(100 * number + 0.5) / 100 for number in numbers]

    own = example_of(student)
    columns = [own.E[:, own.vocabulary[token]] for token in own.tokens]
    h0 = on_paper(sum(columns) / 4)
    z = on_paper(own.W @ h0 + own.b)
    h = [max(value, 0) for value in z]
    o = on_paper(own.U @ h)
    exps = on_paper(np.exp(o))
    p = on_paper(np.array(exps) / on_paper([sum(exps)])[0])
    loss = on_paper([-math.log(p[own.y.tolist().index(1)])])[0]
    return {"h0": h0, "z": tuple(z), "h": h, "o": o, "p": p, "loss": loss, "sketch": None}


RIGHT = {
    "encode": [
        picks_columns,
        adds_in_a_loop,
        counts_words,
        plain_python,
        on_its_own_copy,
        in_float32,
        eats_its_own_list,
    ],
    "mlp_forward": [
        as_on_the_slides,
        stable_softmax,
        entry_by_entry,
        mask_in_place_on_a_copy,
        with_the_librarys_functions,
        narrow,
    ],
    "forward_by_hand": [in_full, rounded_to_two_decimals, lists_of_rounded_numbers, on_paper],
}
