"""The record written out as a straight-line NumPy program: what backpropagation computes, line by line.

A graph made by Python runs each operation with all that keeping a record costs. The same graph can be
written down once, as the few lines of NumPy that one would have derived by hand, and then run as
often as one likes. `program` writes them, by calling each primitive's own two functions on *traced*
arrays: a traced array stands for a value, and notes every NumPy call that is made with it. So there is
one definition of an operation and of its derivative, and this file knows none of them.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from .graph import Array, Node, ShapeError, topological_order, written_setting

# Traced arrays stand in for arrays of every dtype, and answer to whatever NumPy does with those.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false


@dataclass(frozen=True)
class Program:
    """A loss and its gradients as one NumPy function; made by `program`. Print `source` to read it.

    Attributes
    ----------
    source : str
        The program. It runs as it stands, given NumPy as ``np`` and what `constants` holds.
    inputs : mapping from str to tuple of int or None
        What it takes, by name, with the shape that each has; None for what is not an array.
    constants : mapping from str to object
        Arrays and functions that the source uses by name.
    """

    source: str
    inputs: Mapping[str, tuple[int, ...] | None]
    constants: Mapping[str, Any]
    run: Callable[..., tuple[Any, dict[str, Array]]]

    def __call__(self, **values: Any) -> tuple[float, dict[str, Array]]:
        """Return the loss and the gradients, by name, for new values of the same shapes.

        The gradients are the program's own buffers: the next call writes into them. Copy what is to be
        kept.

        Raises
        ------
        TypeError
            If an input is missing or unknown.
        ShapeError
            If an input has another shape than the program was written for.
        """
        given = []
        for name, shape in self.inputs.items():
            try:
                value = values[name]
            except KeyError:
                raise TypeError(self._inputs_differ(values)) from None
            if shape is not None:
                if type(value) is not np.ndarray or value.dtype != np.float64:
                    value = np.asarray(value, dtype=np.float64)[()]
                if value.shape != shape:
                    raise ShapeError(
                        f"program: {name} has shape {value.shape}; it was written for {shape}. "
                        "Write another program for other shapes: program(loss) of a graph that has them"
                    )
            given.append(value)
        if len(values) != len(given):
            raise TypeError(self._inputs_differ(values))
        return self.run(*given)

    def _inputs_differ(self, values: Mapping[str, Any]) -> str:
        return f"program: it takes {', '.join(self.inputs)}; got {', '.join(values) or 'nothing'}"

    def __str__(self) -> str:
        return self.source


def program(
    loss: Node, wrt: Iterable[Node] | None = None, *, varying: Mapping[str, object] | None = None
) -> Program:
    """Write the forward and the backward pass of a graph as a NumPy function.

    Parameters
    ----------
    loss : Node ()
        A scalar.
    wrt : nodes, optional
        The leaves whose gradients are wanted; all parameters if not given. Each needs a name.
    varying : mapping from str to object, optional
        Settings, such as the words of a sentence, that each call gives anew. Those settings of the
        graph's operations which *are* one of these objects become inputs of this name.

    Returns
    -------
    Program
        Takes the named leaves of the graph, and what varies, by name. Leaves without a name keep
        their value.

    Raises
    ------
    ShapeError
        If loss is not a scalar.
    ValueError
        If a leaf in wrt has no name, or two leaves share one.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> x, y = ll.data(2.0, "x"), ll.data(2.0, "y")
    >>> w, b = ll.parameter(0.5, "w"), ll.parameter(-0.2, "b")
    >>> c = (w * x).named("c")
    >>> d = (c + b).named("d")
    >>> e = (y - d).named("e")
    >>> step = ll.program((e**2).named("loss"))
    >>> print(step.source)
    def loss_and_gradients(y, w, x, b):
        c = w * x  # c = w × x
        d = c + b  # d = c + b
        e = y - d  # e = y − d
        loss = e * e  # loss = e²
    <BLANKLINE>
        d_e = 2.0 * e  # d_e = d_loss × 2 × e
        d_d = -d_e  # d_d = d_e × (−1)
        d_c = d_d  # d_c = d_d
        d_b = d_d  # d_b = d_d
        d_w = d_c * x  # d_w = d_c × x
        return loss, {"w": d_w, "b": d_b}
    >>> loss, gradients = step(x=2.0, y=2.0, w=0.5, b=-0.2)
    >>> round(float(gradients["w"]), 6)
    -4.8
    """
    if loss.ndim != 0:
        raise ShapeError(f"program: {loss.name or 'the loss'} has shape {loss.shape}; expected a scalar")
    nodes = topological_order(loss)
    leaves = [node for node in nodes if node.primitive is None]
    wanted = [node for node in leaves if node.role == "parameter"] if wrt is None else list(wrt)
    for node in wanted:
        if not node.name or node.primitive is not None:
            raise ValueError(f"program: {node} is in wrt; expected a leaf with a name")
    inputs = [node for node in leaves if node.name]
    writer = _Writer(varying or {})
    label = writer.labels_of(nodes, inputs)
    d_label = {node: writer.unused(f"d_{label[node]}") for node in nodes}

    values: dict[Node, Any] = {}
    for node in leaves:
        values[node] = writer.input(node.name, node.value) if node.name else node.value
    reached = {node for node in wanted if node in values}
    for node in nodes:
        if node.primitive is None:
            continue
        if not reached.isdisjoint(node.parents):
            reached.add(node)
        operands = [values[parent] for parent in node.parents]
        result = writer.trace(node.primitive.name, node.primitive.forward, operands, node.settings)
        formula = _filled(node.primitive.formula, node, label, d_label)
        values[node] = writer.named(result, label[node], f"{label[node]} = {formula}")

    writer.backward_begins()
    gradients: dict[Node, Any] = {loss: np.float64(1.0)}
    for node in reversed(nodes):
        if node.primitive is None or node not in reached:
            continue
        primitive = node.primitive
        operands = [gradients[node], values[node], *(values[parent] for parent in node.parents)]
        handed = writer.trace(f"{primitive.name}_vjp", primitive.vjp_rule, operands, node.settings)
        for parent, d_parent, formula in zip(node.parents, handed, primitive.vjp_formulas, strict=True):
            if parent not in reached:
                continue
            name, said = d_label[parent], _filled(formula, node, label, d_label)
            if parent in gradients:  # the sum gets the name; what there was so far, one with a number
                said = f"{writer.renamed(gradients[parent])} + {said}"
                d_parent = gradients[parent] + d_parent
            gradients[parent] = writer.named(d_parent, name, f"{name} = {said}")
    outputs = {node.name: gradients.get(node, np.zeros(node.shape)) for node in wanted}
    return writer.finish(values[loss], outputs)


def _filled(template: str, node: Node, label: Mapping[Node, str], d_label: Mapping[Node, str]) -> str:
    """Return the formula with the names of the node and of its operands."""
    primitive = node.primitive
    assert primitive is not None
    names = {o: label[parent] for o, parent in zip(primitive.operands, node.parents, strict=True)}
    settings = {name: written_setting(value) for name, value in node.settings.items()}
    return template.format(
        **{primitive.result: label[node], f"d_{primitive.result}": d_label[node], **settings, **names}
    )


# --- what a value is called, and the line that computes it ---------------------------------------


@dataclass(eq=False)
class _Line:
    """One line of the program: the value `name`, and how it comes about.

    ``text`` holds the lines and inputs that it uses in its braces, filled in when all names are known.
    ``where`` says whether it is computed at each call, or a view of a buffer that is made once.
    """

    name: str
    text: str
    uses: list[_Line]
    where: Literal["input", "call", "once"]
    buffer: tuple[tuple[int, ...], str] | None = None
    comment: str = ""

    def written(self) -> str:
        return self.text.format(*(line.name for line in self.uses), out=self.name)


class _Traced(NDArrayOperatorsMixin):
    """Stands for an array or a number in the functions of a primitive, and notes what is done with it."""

    def __init__(self, writer: _Writer, line: _Line, value: Any) -> None:
        self.writer, self.line, self.value = writer, line, value
        self.shape: tuple[int, ...] = value.shape
        self.ndim: int = value.ndim
        self.size: int = value.size

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        if method == "__call__" and not options:
            return self.writer.ufunc(ufunc, operands)
        if method == "at" and isinstance(operands[0], np.ndarray):
            return self.writer.scatter(ufunc, *operands)
        raise TypeError(f"np.{ufunc.__name__}.{method} is not traced")

    def __array_function__(self, function: Any, _: Any, operands: Any, options: Any) -> Any:
        return self.writer.call(f"np.{function.__name__}", function, operands, options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a traced array has no array of its own")

    def __getitem__(self, index: Any) -> Any:
        return self.writer.index(self, index)

    @property
    def T(self) -> Any:
        return self.writer.view(self, ".T", self.value.T)

    def reshape(self, *shape: Any) -> Any:
        return self.writer.view(self, f".reshape({', '.join(map(str, shape))})", self.value.reshape(*shape))

    def swapaxes(self, i: int, j: int) -> Any:
        return self.writer.view(self, f".swapaxes({i}, {j})", self.value.swapaxes(i, j))

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        return self.writer.reduce(np.add, self, axis, keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        return self.writer.reduce(np.maximum, self, axis, keepdims)


_OPERATORS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**", "matmul": "@",
    "greater": ">", "equal": "==", "less": "<",
}  # fmt: skip


class _Writer:
    """Collects the lines; the same computation on the same operands is written once."""

    def __init__(self, varying: Mapping[str, object]) -> None:
        self.lines: list[_Line] = []
        self.constants: dict[str, Any] = {}
        self.written: dict[tuple[Any, ...], Any] = {}
        self.filled: dict[int, tuple[Any, _Traced]] = {}  # arrays that a function made and wrote into
        self.varying = {name: (_Line(name, "", [], "input"), value) for name, value in varying.items()}
        self.input_lines = [line for line, _ in self.varying.values()]
        self.shapes: dict[str, tuple[int, ...] | None] = dict.fromkeys(varying)
        self.taken = {"np", "loss_and_gradients", *varying, *keyword.kwlist}
        self.first_backward = 0

    def unused(self, name: str) -> str:
        """Return the name, or the name with a number if it stands for something already."""
        name = name if name.isidentifier() else "v"
        free, n = name, 1
        while free in self.taken:
            n += 1
            free = f"{name.removesuffix('_1')}_{n}"
        self.taken.add(free)
        return free

    def labels_of(self, nodes: Iterable[Node], inputs: Iterable[Node]) -> dict[Node, str]:
        """Return what each node is called in the program; an input keeps its name, or it is refused."""
        label: dict[Node, str] = {}
        for node in inputs:
            if node.name in self.taken or not node.name.isidentifier():
                raise ValueError(f"program: {node.name!r} cannot name an input: it must be a name, used once")
            label[node] = self.unused(node.name)
        unnamed = 0
        for node in nodes:
            if node.primitive is None and not node.name:
                label[node] = f"{node.value:g}" if node.ndim == 0 else "constant"
            elif node not in label:
                unnamed += not node.name  # numbered as the pictures number them: v1, v2
                label[node] = self.unused(node.name or f"v{unnamed}")
        return label

    def input(self, name: str, value: Array) -> _Traced:
        line = _Line(name, "", [], "input")
        self.input_lines.append(line)
        self.shapes[name] = value.shape
        return _Traced(self, line, value)

    # What a primitive's functions do with traced arrays.

    def trace(self, name: str, function: Callable[..., Any], operands: list[Any], settings: Any) -> Any:
        """Return function(*operands, **settings), written as the NumPy calls that it makes.

        A function that does what cannot be traced is written as a call of itself. So is one whose
        settings vary: what it makes of them is not the same at each call.
        """
        varies = any(value is given for value in settings.values() for _, given in self.varying.values())
        if varies or not any(isinstance(operand, _Traced) for operand in operands):
            return self.call_itself(name, function, operands, settings)
        before = len(self.lines), dict(self.written)
        try:
            result = function(*operands, **settings)
            return tuple(map(self.own, result)) if isinstance(result, tuple) else self.own(result)
        except (TypeError, AttributeError, IndexError):
            del self.lines[before[0] :]
            self.written = before[1]
            return self.call_itself(name, function, operands, settings)

    def own(self, result: Any) -> Any:
        """Return the traced array that stands for a result, if there is one."""
        return self.filled[id(result)][1] if id(result) in self.filled else result

    def call_itself(self, name: str, function: Callable[..., Any], operands: list[Any], settings: Any) -> Any:
        """Write a call of the function as it stands."""
        values = [operand.value if isinstance(operand, _Traced) else operand for operand in operands]
        result = function(*values, **settings)
        uses: list[_Line] = []
        arguments = [self.written_as(operand, uses) for operand in operands]
        for key, value in settings.items():
            line = next((line for line, given in self.varying.values() if given is value), None)
            arguments.append(f"{key}={self.use(line, uses) if line else self.written_as(value, uses)}")
        self.constants[name] = function
        text = f"{name}({', '.join(arguments)})"
        if not isinstance(result, tuple):
            return self.add(text, uses, result)
        parts = self.line("parts", text, uses)
        return tuple(self.add(f"{{0}}[{i}]", [parts], part) for i, part in enumerate(result))

    def ufunc(self, ufunc: np.ufunc, operands: tuple[Any, ...]) -> Any:
        if ufunc is np.multiply:  # a factor of 1, as the seed is one, is not written
            for one, other in (operands, operands[::-1]):
                if isinstance(one, float) and one == 1.0 and other.value.dtype == np.float64:
                    return other
        values = [operand.value if isinstance(operand, _Traced) else operand for operand in operands]
        with np.errstate(all="ignore"):
            result = ufunc(*values)
        uses: list[_Line] = []
        arguments = [self.written_as(operand, uses) for operand in operands]
        if result.ndim:
            text = f"np.{ufunc.__name__}({', '.join(arguments)}, out={{out}})"
            return self.add(text, uses, result, buffer=True)
        if ufunc.__name__ in _OPERATORS:
            return self.add(f" {_OPERATORS[ufunc.__name__]} ".join(arguments), uses, result)
        if ufunc is np.negative:
            return self.add(f"-{arguments[0]}", uses, result)
        return self.add(f"np.{ufunc.__name__}({', '.join(arguments)})", uses, result)

    def reduce(self, ufunc: np.ufunc, a: _Traced, axis: Any, keepdims: bool) -> Any:
        result = ufunc.reduce(a.value, axis=axis, keepdims=keepdims)
        text = f"np.{ufunc.__name__}.reduce({{0}}, axis={axis}" + (", keepdims=True" if keepdims else "")
        if result.ndim:
            return self.add(text + ", out={out})", [a.line], result, buffer=True)
        return self.add(text + ")", [a.line], result)

    def scatter(self, ufunc: np.ufunc, target: Array, index: Any, a: Any) -> None:
        """Write what `np.add.at(target, index, a)` does to an array that the function made."""
        uses: list[_Line] = []
        before = self.filled.get(id(target))
        start = before[1] if before else target.copy()
        where = self.constant("places", index)
        text = f"{{out}}[...] = {self.written_as(start, uses)}\n"
        text += f"np.{ufunc.__name__}.at({{out}}, {where}, {self.written_as(a, uses)})"
        result = start.value.copy() if isinstance(start, _Traced) else start.copy()
        ufunc.at(result, index, a.value if isinstance(a, _Traced) else a)
        # The array itself is kept beside what stands for it, so that its id is not given to another.
        self.filled[id(target)] = target, self.add(text, uses, result, buffer=True)

    def call(self, name: str, function: Callable[..., Any], operands: Any, options: Any) -> Any:
        """Write a call of a NumPy function that is no ufunc, such as np.where."""
        uses: list[_Line] = []
        arguments = [self.written_as(operand, uses) for operand in operands]
        arguments += [f"{key}={self.written_as(value, uses)}" for key, value in options.items()]
        values = [operand.value if isinstance(operand, _Traced) else operand for operand in operands]
        return self.add(f"{name}({', '.join(arguments)})", uses, function(*values, **options))

    def view(self, a: _Traced, what: str, result: Any) -> Any:
        return self.add(f"{{0}}{what}", [a.line], result, once=np.shares_memory(a.value, result))

    def index(self, a: _Traced, index: Any) -> Any:
        uses = [a.line]
        result = a.value[index]
        text = f"{{0}}[{self.index_text(index, uses)}]"
        return self.add(text, uses, result, once=bool(np.ndim(result)) and np.shares_memory(a.value, result))

    # How operands are written.

    def use(self, line: _Line, uses: list[_Line]) -> str:
        uses.append(line)
        return f"{{{len(uses) - 1}}}"

    def written_as(self, operand: Any, uses: list[_Line]) -> str:
        """Return an operand as it stands in the source; a traced one is used, others are constants."""
        if isinstance(operand, _Traced):
            if operand.writer is not self:
                raise TypeError("a traced array of another program")
            return self.use(operand.line, uses)
        if isinstance(operand, float | int | bool | np.bool_) or operand is None:
            text = repr(float(operand)) if isinstance(operand, float) else repr(operand)
            text = f"np.{text.lstrip('-')}" if text.lstrip("-") in ("nan", "inf") else text.lstrip("-")
            return f"(-{text})" if isinstance(operand, float | int) and operand < 0 else text
        if (
            isinstance(operand, np.ndarray)
            and operand.ndim
            and not operand.any()
            and operand.dtype == np.float64
        ):
            return self.constant(f"zeros_{'x'.join(map(str, operand.shape))}", operand)
        return self.constant("constant", operand)

    def constant(self, name: str, value: Any) -> str:
        for known, other in self.constants.items():
            same_array = isinstance(value, np.ndarray) and isinstance(other, np.ndarray)
            if other is value or (same_array and value.dtype == other.dtype and np.array_equal(value, other)):
                return known
        name = self.unused(name)
        self.constants[name] = value
        return name

    def index_text(self, index: Any, uses: list[_Line]) -> str:
        parts: list[str] = []
        for part in cast("tuple[Any, ...]", index) if isinstance(index, tuple) else (index,):
            if isinstance(part, slice):
                ends = ["" if end is None else str(end) for end in (part.start, part.stop, part.step)]
                parts.append(":".join(ends if part.step is not None else ends[:2]))
            elif part is None or part is Ellipsis:
                parts.append("np.newaxis" if part is None else "...")
            elif isinstance(part, int | np.integer):
                parts.append(str(part))
            else:
                parts.append(self.written_as(np.asarray(part), uses))
        return ", ".join(parts) or "()"

    # The lines.

    def add(
        self, text: str, uses: list[_Line], result: Any, *, buffer: bool = False, once: bool = False
    ) -> Any:
        """Add a line for a result, unless the same one is there already, and return what stands for it."""
        key = (text, *(id(line) for line in uses))
        if key in self.written:
            return self.written[key]
        value = np.asarray(result)[()]
        line = self.line("t", text, uses)
        if buffer:
            line.buffer = value.shape, value.dtype.name
        # A view of a buffer, or of such a view, is made once.
        if once and all(used.buffer or used.where == "once" for used in uses):
            line.where = "once"
        self.written[key] = _Traced(self, line, value)
        return self.written[key]

    def line(self, name: str, text: str, uses: list[_Line]) -> _Line:
        line = _Line(name, text, list(uses), "call")
        self.lines.append(line)
        return line

    def named(self, result: Any, name: str, comment: str) -> Any:
        """Give a result its name; one that has a name already is written again under this one."""
        if not isinstance(result, _Traced):
            return result  # a number, such as the gradient 1 that an addition hands on
        if result.line.name != "t" or result.line.where == "input":
            line = self.line(name, "{0}", [result.line])
            if result.line.buffer or result.line.where == "once":
                line.where = "once"
            result = _Traced(self, line, result.value)
        result.line.name = name
        result.line.comment = comment
        return result

    def renamed(self, result: Any) -> str:
        """Free the name of a result for another; return what the result is called now."""
        if not isinstance(result, _Traced):
            return "a constant"
        name = result.line.name
        result.line.name = self.unused(f"{name}_1")
        result.line.comment = result.line.comment.replace(f"{name} =", f"{result.line.name} =", 1)
        return result.line.name

    def backward_begins(self) -> None:
        self.first_backward = len(self.lines)

    def finish(self, loss: Any, outputs: Mapping[str, Any]) -> Program:
        """Write out the lines that the loss and the gradients need."""
        uses: list[_Line] = []
        returned = [self.written_as(loss, uses), *(self.written_as(d, uses) for d in outputs.values())]
        needed: set[int] = set()
        waiting = list(uses)
        while waiting:
            line = waiting.pop()
            if id(line) not in needed:
                needed.add(id(line))
                waiting.extend(line.uses)
        buffers: dict[str, list[str]] = {}
        views: list[str] = []
        body: list[str] = []
        for place, line in enumerate(self.lines):
            if place == self.first_backward:
                body.append("")
            if id(line) not in needed:
                continue
            if line.name in ("t", "parts"):
                line.name = self.unused(line.name)
            comment = f"  # {line.comment}" if line.comment else ""
            if line.buffer:
                shape, dtype = line.buffer
                kind = "" if dtype == "float64" else f", dtype={dtype!r}"
                buffers.setdefault(f"np.empty({shape}{kind})", []).append(line.name)
                *first, last = line.written().split("\n")
                body += [f"    {text}" for text in (*first, last + comment)]
            elif line.where == "once":
                views.append(f"{line.name} = {line.written()}{comment}")
            else:
                body.append(f"    {line.name} = {line.written()}{comment}")
        names = [line.name for line in uses]
        written = [text.format(*names) for text in returned]
        gradients = ", ".join(f'"{name}": {text}' for name, text in zip(outputs, written[1:], strict=True))
        head = f"def loss_and_gradients({', '.join(self.shapes)}):"
        made = [
            f"{names[0]} = {empty}"
            if len(names) == 1
            else f"{', '.join(names)} = ({empty} for _ in range({len(names)}))"
            for empty, names in buffers.items()
        ]
        once = (
            ["# Made once: arrays to write into, and other views of them.", *made, *views, ""] if made else []
        )
        source = "\n".join(
            [*(once if made else []), head, *body, f"    return {written[0]}, {{{gradients}}}"]
        )
        space: dict[str, Any] = {"np": np, **self.constants}
        exec(compile(source, "<program>", "exec"), space)
        return Program(source, self.shapes, self.constants, space["loss_and_gradients"])
