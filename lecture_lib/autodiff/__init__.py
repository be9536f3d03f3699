"""The lecture's mathematics: computation graphs, their derivatives, and the record of both passes.

Read the files in this order: `graph` (a node, a primitive, the order), `ops` (each operation beside
its derivative), `record` (the forward and the backward pass), `gradcheck` (the same gradients
without any rule). Then what makes it fast: `program` (the record written out as the NumPy one would
have derived by hand), `writer` (how its lines come about), `compiled` (a loss that trains with
programs), `columns` (the gradient of an embedding matrix).
"""

from .fast.columns import Columns
from .fast.compiled import Compiled, compiled
from .fast.program import Program, program
from .gradcheck import gradient_error, numeric_gradient
from .graph import (
    PRIMITIVES,
    Array,
    Node,
    Operand,
    Primitive,
    ShapeError,
    constant,
    data,
    parameter,
    primitive,
    topological_order,
)
from .ops import (
    absolute,
    add,
    cross_entropy,
    divide,
    dot,
    exp,
    log,
    log_softmax,
    matmul,
    matvec,
    mean,
    multiply,
    negative,
    pick,
    power,
    raise_to,
    relu,
    reshape,
    sigmoid,
    softmax,
    sqrt,
    square,
    subtract,
    sum,
    tanh,
    transpose,
)
from .record import Contribution, Record, Step, backward, forward, value_and_grad

__all__ = [
    "PRIMITIVES",
    "Array",
    "Columns",
    "Compiled",
    "Contribution",
    "Node",
    "Operand",
    "Primitive",
    "Program",
    "Record",
    "ShapeError",
    "Step",
    "absolute",
    "add",
    "backward",
    "compiled",
    "constant",
    "cross_entropy",
    "data",
    "divide",
    "dot",
    "exp",
    "forward",
    "gradient_error",
    "log",
    "log_softmax",
    "matmul",
    "matvec",
    "mean",
    "multiply",
    "negative",
    "numeric_gradient",
    "parameter",
    "pick",
    "power",
    "primitive",
    "program",
    "raise_to",
    "relu",
    "reshape",
    "sigmoid",
    "softmax",
    "sqrt",
    "square",
    "subtract",
    "sum",
    "tanh",
    "topological_order",
    "transpose",
    "value_and_grad",
]
