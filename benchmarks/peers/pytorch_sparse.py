"""PyTorch with a sparse gradient of E: `EmbeddingBag(sparse=True)`, as `pytorch` in all else.

An epoch is left out: SparseAdam leaves the words that a batch does not hold where they are, and so is another
method than Adam.
"""

from functools import partial

from . import pytorch

minibatch = partial(pytorch.minibatch, sparse=True)
