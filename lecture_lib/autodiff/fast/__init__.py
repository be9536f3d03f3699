"""The same definitions written out as NumPy: the program that one reads, and the one that training runs.

Read the files in this order: `calls` and `tracing` (what a primitive's functions ask of NumPy), `rewriting`
(the same in other words), `writing` (lines to read), `buffers` (lines to run), `programs` (a graph becomes a
program), `compiling` (a loss that trains with programs), `sparse` (the gradient of an embedding matrix).
"""

from .compiling import compiled
from .programs import program
from .sparse import SparseGradient
