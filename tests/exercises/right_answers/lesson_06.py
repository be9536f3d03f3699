"""Right answers to the exercises of lesson 06."""

import math
from collections import OrderedDict

import numpy as np

import lecture_lib as ll
from lecture_lib.lessons import example_of


def _own_gradients(student):
    own = example_of(student)
    h0 = np.mean([own.E[:, own.vocabulary[token]] for token in own.tokens], axis=0)
    h = np.maximum(own.W @ h0 + own.b, 0)
    p = np.exp(own.U @ h) / np.exp(own.U @ h).sum()
    return {"d_p": -own.y / p, "d_o": p - own.y, "d_U": np.outer(p - own.y, h)}


def in_full(student):
    return _own_gradients(student)


def rounded_to_two_decimals(student):
    return {name: np.round(value, 2).tolist() for name, value in _own_gradients(student).items()}


def from_p_of_two_decimals(student):
    """Everything is computed from p and h as they were written down in forward_by_hand."""
    own = example_of(student)
    h0 = np.mean([own.E[:, own.vocabulary[token]] for token in own.tokens], axis=0)
    h = np.round(np.maximum(own.W @ h0 + own.b, 0), 2)
    exps = np.round(np.exp(np.round(own.U @ h, 2)), 2)
    p = np.round(exps / exps.sum(), 2)
    d_p = [-round(y / q, 2) for y, q in zip(own.y, p, strict=True)]
    d_o = np.round(p - own.y, 2)
    return {"d_p": d_p, "d_o": d_o, "d_U": [[round(a * c, 2) for c in h] for a in d_o]}


def as_on_the_slides(tokens, y, vocabulary, params):
    E, W, b, U = params["E"], params["W"], params["b"], params["U"]
    columns = [vocabulary[token] for token in tokens]
    h0 = E[:, columns].mean(axis=1)
    z = W @ h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    p = np.exp(o) / np.exp(o).sum()
    d_o = p - y
    d_z = (U.T @ d_o) * (z > 0)
    d_h0 = W.T @ d_z
    d_E = np.zeros_like(E)
    for column in columns:
        d_E[:, column] += d_h0 / len(columns)
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z, "U": np.outer(d_o, h)}


def with_add_at(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in "EWbU")
    columns = np.array([vocabulary[token] for token in tokens])
    h0 = E[:, columns].sum(axis=1) / columns.size
    z = W @ h0 + b
    h = z * (z > 0)
    o = U @ h
    log_p = o - np.log(np.exp(o - o.max()).sum()) - o.max()
    d_o = np.exp(log_p) - y
    d_h = d_o @ U
    d_h[z <= 0] = 0.0
    d_E = np.zeros(E.shape)
    np.add.at(d_E.T, columns, W.T @ d_h / columns.size)
    return OrderedDict(U=d_o[:, None] * h, b=d_h, W=d_h[:, None] @ h0[None, :], E=d_E)


def with_counts(tokens, y, vocabulary, params):
    E, W, b, U = (np.array(params[name]) for name in "EWbU")
    shares = np.zeros(E.shape[1])
    for token in tokens:
        shares[vocabulary[token]] += 1.0 / len(tokens)
    z = W @ E @ shares + b
    p = np.exp(U @ z.clip(0))
    p /= p.sum()
    p -= y
    d_z = np.where(z > 0, U.T @ p, 0.0)
    return {
        "E": np.outer(W.T @ d_z, shares),
        "W": np.outer(d_z, E @ shares),
        "b": d_z,
        "U": np.outer(p, z.clip(0)),
    }


def through_the_softmax_step_by_step(tokens, y, vocabulary, params):
    E, W, b, U = (params[name] for name in "EWbU")
    h0 = sum(E[:, vocabulary[token]] for token in tokens) / len(tokens)
    z = W @ h0 + b
    h = np.maximum(z, 0)
    p = np.exp(U @ h) / sum(np.exp(U @ h))
    d_p = -y / p
    d_o = (np.diag(p) - np.outer(p, p)) @ d_p
    d_h = np.array([sum(d_o[k] * U[k, i] for k in range(len(d_o))) for i in range(len(h))])
    d_z = np.array([d_h[i] if z[i] > 0 else 0 for i in range(len(z))])
    d_E = np.zeros_like(E)
    for token in set(tokens):
        d_E[:, vocabulary[token]] = (W.T @ d_z) * list(tokens).count(token) / len(tokens)
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z.copy(), "U": np.outer(d_o, h)}


def by_moving_each_number(tokens, y, vocabulary, params):
    def loss(own):
        h0 = np.mean([own["E"][:, vocabulary[token]] for token in tokens], axis=0)
        o = own["U"] @ np.maximum(own["W"] @ h0 + own["b"], 0)
        return -np.log(np.exp(o) / np.exp(o).sum()) @ y

    gradients = {name: np.zeros_like(array) for name, array in params.items()}
    for name, array in params.items():
        for place in np.ndindex(array.shape):
            losses = []
            for step in (1e-5, -1e-5):
                moved = array.copy()
                moved[place] += step
                losses.append(loss({**params, name: moved}))
            gradients[name][place] = (losses[0] - losses[1]) / 2e-5
    return gradients


def updates_its_own_copy(tokens, y, vocabulary, params):
    gradients = as_on_the_slides(tokens, y, vocabulary, params)
    params = {name: array.copy() for name, array in params.items()}
    for name in params:
        params[name] -= 0.01 * gradients[name]
    return gradients


def to_many_digits(student):
    return {"U12": -0.4977482, "U22": 0.2977482, "dl_dp1": -2.366155, "E_is": "column"}


def to_three_decimals(student):
    return {"U12": -0.498, "U22": 0.298, "dl_dp1": -2.366, "E_is": "column"}


def to_two_decimals_where_that_is_enough(student):
    return {"U12": -0.4977, "U22": 0.2977, "dl_dp1": -2.37, "E_is": "Columns"}


def computed(student):
    example = ll.duck_goose()
    p = math.exp(-0.195) / (math.exp(-0.195) + math.exp(0.117))
    d_U12 = (p - 1) * 0.39
    U = example.params["U"]
    return {
        "E_is": " column ",
        "U12": U[0, 1] - 0.01 * d_U12,
        "U22": np.array(U[1, 1] + 0.01 * d_U12),
        "dl_dp1": np.float64(-1 / p),
    }


RIGHT = {
    "backward_by_hand": [in_full, rounded_to_two_decimals, from_p_of_two_decimals],
    "mlp_gradients": [
        as_on_the_slides,
        with_add_at,
        with_counts,
        through_the_softmax_step_by_step,
        by_moving_each_number,
        updates_its_own_copy,
    ],
    "errata": [to_many_digits, to_three_decimals, to_two_decimals_where_that_is_enough, computed],
}
