"""Floor 2, the experimental routine: text, model, optimisers, training, search.

Read the files in this order: `text` (words become numbers), `initialise` and `nn` (the model and its loss),
`example` (duck, duck, goose), `schedules` and `optim` (what makes new parameters of gradients), `descent`
(the lecture's loop), `training` (the loop on minibatches), `history` (what is remembered of it), `search`
(choosing among models), `wordnet` (all of it on real definitions), `sealed` (what a look at the test set
costs).
"""

from .descent import converged, early_stopping, gradient_descent
from .example import LAYERS, DuckGoose, duck_goose, sentence_graph
from .history import DivergenceError
from .initialise import glorot, he, mlp_parameters, normal, uniform
from .nn import (
    ACTIVATIONS,
    accuracy,
    bag_of_words,
    encode,
    encode_batch,
    mlp,
    mlp_forward,
    mlp_loss,
    mlp_scores,
    nll,
)
from .optim import adam, adam_step, momentum, momentum_step, sgd, sgd_step
from .schedules import (
    constant_rate,
    cosine_decay,
    exponential_decay,
    inverse_time_decay,
    linear_decay,
    step_decay,
)
from .sealed import SealedTest, best_of, chances_of_best, sealed_definitions
from .search import evaluate_best, grid, grid_search, log_uniform, random_search, select_best
from .text import UNKNOWN, UnknownWordError, minibatches, one_hot, sentences, vocabulary, word_ids, words
from .training import minimise, train
from .wordnet import (
    CLASSES,
    accuracy_on_test,
    confusion,
    definitions,
    duck_and_goose_senses,
    predict_texts,
    predictions,
    report,
    train_definitions,
    train_one_definitions_model,
    worst_mistakes,
)
