"""The library's training loop, as lesson 10 uses it."""

import numpy as np

import lecture_lib as ll
from lecture_lib.learning import adam, mlp_loss


def epoch(problem):
    loss, trained = ll.compiled(mlp_loss), None

    def step():
        nonlocal trained
        trained = ll.train(
            loss,
            problem.params,
            (problem.texts, problem.y),
            adam(problem.learning_rate),
            rng=np.random.default_rng(1),
            batch_size=32,
            max_epochs=1,
            progress_bar=False,
        )
        return np.mean(trained.history.losses)

    return step, lambda: trained.params
