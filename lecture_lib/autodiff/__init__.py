"""The lecture's mathematics: computation graphs, their derivatives, and the record of both passes.

Read the files in this order: `values` and `nodes` (a value and how it came about), `primitives` (an operation
with its rule), `shapes` (what fits), `ops` (each operation beside its derivative), `order` (parents before
children), `record` (the forward and the backward pass), `gradcheck` (the same gradients without any rule).
`fast` holds the same definitions written out as NumPy: the program that one would have derived by hand, and
the one that training runs.
"""

import typing

from . import ops
from .fast import SparseGradient, compiled, program
from .gradcheck import gradient_error, numeric_gradient
from .nodes import PRIMITIVES, Node, ShapeError, constant, data, parameter
from .order import topological_order
from .own_nodes import operation
from .primitives import Primitive, primitive
from .record import Record, backward, forward, value_and_grad

if typing.TYPE_CHECKING:
    from .ops import *
globals().update(PRIMITIVES)  # every operation: to register one is enough
