"""The lecture's mathematics: computation graphs, their derivatives, and the record of both passes.

Read the files in this order: `graph` (a node, a primitive, the order), `ops` (each operation beside
its derivative), `record` (the forward and the backward pass), `gradcheck` (the same gradients
without any rule). Then what makes it fast: `program` (the record written out as the NumPy one would
have derived by hand), `writer` (how its lines come about), `compiled` (a loss that trains with
programs), `columns` (the gradient of an embedding matrix).
"""

from .fast.columns import Columns
from .fast.compiled import compiled
from .fast.program import program
from .gradcheck import gradient_error, numeric_gradient
from .graph import (
    PRIMITIVES,
    Node,
    Primitive,
    ShapeError,
    constant,
    data,
    parameter,
    primitive,
    topological_order,
)
from .ops import *  # every operation
from .own_nodes import operation
from .record import Record, backward, forward, value_and_grad
