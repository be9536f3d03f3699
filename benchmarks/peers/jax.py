"""JAX: value, gradients and update in one function, compiled once by `jit`; it is waited for at each step.

In float64 as NumPy, on one thread of the CPU. The old parameters' memory is given back to be written into.
A chain is unrolled: each operation is one of the graph, as with the others.
"""

import os
from functools import partial

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)  # faster here, as each step is waited for


def sentence(problem):
    def loss_of(params, words, y):
        h0 = params["E"][:, words].mean(axis=1)
        h = jax.nn.relu(params["W"] @ h0 + params["b"])
        return -jnp.sum(y * jax.nn.log_softmax(params["U"] @ h))

    return _training(problem, loss_of, problem.words, problem.y)


def deep(problem):
    layers = range(1, len(problem.params) // 2)

    def loss_of(params, words, y):
        h = params["E"][:, words].mean(axis=1)
        for layer in layers:
            h = jax.nn.relu(params[f"W{layer}"] @ h + params[f"b{layer}"])
        return -jnp.sum(y * jax.nn.log_softmax(params["U"] @ h))

    return _training(problem, loss_of, problem.words, problem.y)


def minibatch(problem):
    def loss_of(params, words, y):
        h0 = params["E"].T[words].mean(axis=1)
        return _batch_loss(params, h0, y)

    return _training(problem, loss_of, problem.words, problem.y)


def chain(problem):
    layers = range(problem.operations // 3)

    def loss_of(params):
        w, b, v, c = params["w"], params["b"], params["v"], params["c"]
        x = 1.0
        for layer in layers:
            x = jax.nn.relu(x * v + c if layer % 2 else x * w + b)
        return x**2

    return _training(problem, loss_of)


def epoch(problem):
    # A compiled function has one shape: sentences are filled up with words that do not count.
    longest = int(problem.texts.lengths.max())

    def loss_of(params, words, counts, y):
        columns = params["E"].T[words] * (jnp.arange(longest) < counts[:, None])[:, :, None]
        return _batch_loss(params, columns.sum(axis=1) / counts[:, None], y)

    @partial(jax.jit, donate_argnums=(0, 1, 2))
    def update(params, m, v, t, words, counts, y):
        loss, d = jax.value_and_grad(loss_of)(params, words, counts, y)
        m = {name: 0.9 * m[name] + 0.1 * d[name] for name in d}
        v = {name: 0.999 * v[name] + 0.001 * d[name] ** 2 for name in d}
        params = {
            name: params[name]
            - problem.learning_rate * (m[name] / (1 - 0.9**t)) / (jnp.sqrt(v[name] / (1 - 0.999**t)) + 1e-8)
            for name in d
        }
        return loss, params, m, v

    params = None

    def step():
        nonlocal params
        params = {name: jnp.array(value) for name, value in problem.params.items()}
        m = {name: jnp.zeros_like(value) for name, value in params.items()}
        v = {name: jnp.zeros_like(value) for name, value in params.items()}
        total = 0.0
        for t, batch in enumerate(problem.batches, 1):
            texts = problem.texts[batch]
            words = np.zeros((len(batch), longest), dtype=np.int64)
            words[np.arange(longest) < texts.lengths[:, None]] = texts.words
            loss, params, m, v = update(params, m, v, float(t), words, texts.lengths, problem.y[batch])
            total += float(loss)
        jax.block_until_ready(params)
        return total / len(problem.batches)

    return step, lambda: {name: np.asarray(value) for name, value in params.items()}


def _batch_loss(params, h0, y):
    h = jax.nn.relu(h0 @ params["W"].T + params["b"])
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(h @ params["U"].T), axis=1))


def _training(problem, loss_of, *inputs):
    @partial(jax.jit, donate_argnums=0)
    def update(params, *inputs):
        loss, gradients = jax.value_and_grad(loss_of)(params, *inputs)
        return loss, {name: params[name] - problem.learning_rate * gradients[name] for name in params}

    params = {name: jnp.array(value) for name, value in problem.params.items()}
    inputs = [jnp.array(value) for value in inputs]

    def step():
        nonlocal params
        loss, params = update(params, *inputs)
        jax.block_until_ready(params)
        return float(loss)

    return step, lambda: {name: np.asarray(value) for name, value in params.items()}
