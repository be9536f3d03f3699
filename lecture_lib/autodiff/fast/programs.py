"""The record written out as a straight-line NumPy program: what backpropagation computes, line by line.

A graph made by Python runs each operation with all that keeping a record costs. The same graph can be
written down once, as the few lines of NumPy that one would have derived by hand, and then run as often as
one likes. `program` calls each primitive's own two functions on traced arrays (`tracing`). So there is one
definition of an operation and of its derivative, and the files here know none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, cast

import numpy as np

from lecture_lib.autodiff.nodes import Node, ShapeError
from lecture_lib.autodiff.order import topological_order
from lecture_lib.autodiff.primitives import written_setting
from lecture_lib.autodiff.record import require_node
from lecture_lib.autodiff.values import FLOAT64, as_numbers

from .buffers import buffered_source
from .calls import Call, Traced, is_set_to
from .rewriting import CHEAPER, READABLE
from .tracing import Tracer
from .writing import Names, plain_source

MISSING = object()
"""Stands for an input that a call did not give."""


@dataclass(frozen=True, eq=False)
class Program:
    """A loss and its gradients as one NumPy function; made by `program`. Print `source` to read it.

    Attributes
    ----------
    source : str
        The program. It runs as it stands, given NumPy as ``np`` and, if there are any, the `constants`:
        its first line names them.
    inputs : mapping from str to tuple of int or None
        What it takes, by name, with the shape that each has; None for what is not an array.
    constants : mapping from str to object
        Longer arrays, and functions, that the source uses by name.
    places : frozenset of str
        The inputs that are places, such as words.
    run : callable
        The program itself: takes the inputs as they are, by name.
    """

    source: str
    inputs: Mapping[str, tuple[int, ...] | None]
    constants: Mapping[str, Any]
    places: frozenset[str] = frozenset()
    run: Callable[..., tuple[Any, dict[str, Any]]] = field(init=False, repr=False)
    _checked: Callable[..., tuple[Any, dict[str, Any]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        space: dict[str, Any] = {"np": np, **self.constants}
        exec(compile(self.source, "<program>", "exec"), space)  # the program is text, so that it can be read
        object.__setattr__(self, "run", space["loss_and_gradients"])
        object.__setattr__(self, "_checked", self._checking())

    def __call__(self, /, **values: Any) -> tuple[float, dict[str, Any]]:
        """Return the loss and the gradients, by name, for new values of the same shapes.

        Raises
        ------
        TypeError
            If an input is missing, unknown or not made of numbers.
        ShapeError
            If an input has another shape than the program was written for.
        """
        return self._checked(**values)

    def _checking(self) -> Callable[..., tuple[Any, dict[str, Any]]]:
        """Return run for inputs of any kind, by name.

        Inputs that are not all there, or not all float64 arrays or numbers of their shapes, are made to fit
        first. Whether they are is asked at each call, in one expression that ``eval`` makes: a loop over
        the inputs would cost as much as a tenth of the lecture's network.
        """
        conditions = ["not __others"]
        for name, shape in self.inputs.items():
            if shape is None:
                conditions.append(f"{name} is not __missing")
            elif shape == () and name not in self.places:
                conditions.append(f"{name}.__class__ is __number")
            else:
                dtype = "__places" if name in self.places else "__float64"
                conditions.append(f"{name}.__class__ is __array and {name}.dtype is {dtype}")
                conditions.append(f"{name}.shape == {shape}")
        names = ", ".join(self.inputs)
        taken = ", ".join(["*", *(f"{name}=__missing" for name in self.inputs)] if self.inputs else [])
        space: dict[str, Any] = {"__run": self.run, "__fit": self._made_to_fit, "__missing": MISSING}
        space |= {"__number": np.float64, "__array": np.ndarray}
        space |= {"__float64": FLOAT64, "__places": np.dtype(np.intp)}
        fits, others = " and ".join(conditions), f"__others{names and ', '}{names}"
        text = (
            f"lambda {taken}{taken and ', '}**__others: __run({names}) if {fits} else __run(*__fit({others}))"
        )
        return eval(text, space)

    def _made_to_fit(self, others: Mapping[str, object], *values: Any) -> Iterable[Any]:
        given = [name for name, value in zip(self.inputs, values, strict=True) if value is not MISSING]
        if others or len(given) < len(self.inputs):
            got = ", ".join([*given, *others]) or "nothing"
            raise TypeError(f"program: it takes {', '.join(self.inputs) or 'nothing'}; got {got}")
        for (name, shape), value in zip(self.inputs.items(), values, strict=True):
            yield _made_to_fit(name, shape, value, places=name in self.places)

    def __str__(self) -> str:
        return self.source

    def __reduce__(self) -> Any:
        # A copy has buffers of its own.
        return Program, (self.source, self.inputs, self.constants, self.places)


def program(
    loss: Node,
    wrt: Node | Iterable[Node] | None = None,
    *,
    varying: Mapping[str, object] | None = None,
    fast: bool = False,
) -> Program:
    """Write the forward and the backward pass of a graph as a NumPy function.

    Parameters
    ----------
    loss : Node ()
        A scalar.
    wrt : node or nodes, optional
        The leaves whose gradients are wanted; all parameters if not given. Each needs a name.
    varying : mapping from str to object, optional
        Settings, such as the words of a sentence, that each call gives anew. Those settings of the
        graph's operations which *are* one of these objects, or have one in them as ``E[:, words]`` has,
        become inputs of this name.
    fast : bool
        Whether it is written in cheaper words, for many steps: as training runs it, in half of the time or
        less. Its gradients are then the program's own arrays, which the next call writes into: copy what is
        to be kept. That of an embedding matrix is a `SparseGradient`, if few of its columns were looked up.

    Returns
    -------
    Program
        Takes the named leaves of the graph, and what varies, by name. Leaves without a name keep
        their value.

    Raises
    ------
    ShapeError
        If loss is not a scalar.
    TypeError
        If loss, or what stands in wrt, is not a node.
    ValueError
        If a leaf in wrt has no name, or two leaves share one, or no operation is set to what varies. If an
        `operation` of one's own is in the graph: what it computes of other numbers, nobody has said.

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
        c = w * x
        d = c + b
        e = y - d
        loss = e * e
    <BLANKLINE>
        d_e = 2 * e
        d_d = -d_e  # d_d = d_e × (−1)
        d_c = d_d
        d_b = d_d
        d_w = d_c * x  # d_w = d_c × x
        return loss, {"w": d_w, "b": d_b}
    >>> loss, gradients = step(x=2.0, y=2.0, w=0.5, b=-0.2)
    >>> round(float(gradients["w"]), 6)
    -4.8
    """
    require_node(loss, "program")
    leaves = [node for node in topological_order(loss) if node.primitive is None]
    inputs = [node for node in leaves if node.name]
    return written(loss, inputs, _wanted(leaves, wrt), {} if varying is None else varying, fast=fast)


def written(
    loss: Node, inputs: list[Node], wanted: list[Node], varying: Mapping[str, object], *, fast: bool
) -> Program:
    """Return the program that takes these leaves of a loss; the others keep their value."""
    if loss.ndim != 0:
        raise ShapeError(f"program: {loss.name or 'the loss'} has shape {loss.shape}; expected a scalar")
    nodes = topological_order(loss)
    fixed = _checked_varying(nodes, varying)
    names = Names()
    for name in fixed:
        names.of_input(name)
    label = _labels(nodes, inputs, names)
    if len({node.name for node in wanted}) < len(set(wanted)):
        raise ValueError("program: two leaves in wrt have one name; their gradients come by name")
    tracer = Tracer(CHEAPER if fast else READABLE, fixed, sparse=fast, helpers=not fast)
    shapes: dict[str, tuple[int, ...] | None] = {
        name: stand_in.shape if isinstance(stand_in, Traced) else None
        for name, (stand_in, _) in tracer.varying.items()
    }
    places = frozenset(name for name, shape in shapes.items() if shape is not None)
    shapes |= {label[node]: node.shape for node in inputs}
    passes = _Passes(nodes, label, names, tracer)
    values = passes.forward(inputs)
    gradients = passes.backward(values, wanted)
    outputs: dict[str, Any] = {}
    for node in wanted:
        outputs[node.name] = tracer.of_its_own(gradients.get(node, np.zeros(node.shape)), outputs.values())
    write = buffered_source if fast else plain_source
    source = write(shapes, names, tracer.calls, tracer.as_number(values[loss]), outputs)
    return Program(source, shapes, names.constants, places)


class _Passes:
    """The forward and the backward pass of a graph, as a tracer collects them."""

    def __init__(self, nodes: list[Node], label: Mapping[Node, str], names: Names, tracer: Tracer) -> None:
        self.nodes, self.label, self.names, self.tracer = nodes, label, names, tracer
        self.d_label = {node: names.unused(f"d_{label[node]}") for node in nodes}

    def forward(self, inputs: Iterable[Node]) -> dict[Node, Any]:
        """Return what stands for the value of each node."""
        tracer = self.tracer
        values: dict[Node, Any] = {node: tracer.input(self.label[node], node.value) for node in inputs}
        for node in self.nodes:
            primitive = node.primitive
            if primitive is None:
                values.setdefault(node, node.value)
                continue
            operands = tuple(values[parent] for parent in node.parents)
            settings = self._settings(node)
            result = tracer.trace(primitive.name, primitive.forward, operands, settings, node.settings)
            name = self.label[node]
            said, mentions = self._filled(primitive.formula, node, settings)
            result = tracer.shaped(result, node.shape)
            values[node] = tracer.named(result, name, f"{name} = {said}", mentions, own=bool(node.name))
        return values

    def backward(self, values: Mapping[Node, Any], wanted: Iterable[Node]) -> dict[Node, Any]:
        """Return what stands for the gradients, of the nodes between the wanted ones and the loss."""
        tracer = self.tracer
        tracer.backward = True
        reached = {*wanted}.intersection(self.nodes)
        reached.update(node for node in self.nodes if not reached.isdisjoint(node.parents))
        gradients: dict[Node, Any] = {self.nodes[-1]: np.float64(1.0)}
        for node in reversed(self.nodes):
            primitive = node.primitive
            if primitive is None or node not in reached:
                continue
            operands = (gradients[node], values[node], *(values[parent] for parent in node.parents))
            settings = self._settings(node)
            handed = tracer.back(primitive, operands, settings, node.settings)
            for parent, d_parent, formula in zip(node.parents, handed, primitive.vjp_formulas, strict=True):
                if parent not in reached:
                    continue
                name = self.d_label[parent]
                said, mentions = self._filled(formula, node, settings)
                d_parent = tracer.shaped(d_parent, parent.shape)
                if parent.primitive is not None or parent in gradients:
                    d_parent = tracer.dense(d_parent)
                if parent in gradients:  # the sum gets the name; what there was so far, one with a number
                    part = tracer.unnamed(gradients[parent], self.names.unused(f"{name}_1"))
                    said, mentions = f"{part} + {said}", (part, *mentions)
                    d_parent = tracer.dense(gradients[parent]) + d_parent
                gradients[parent] = tracer.named(
                    d_parent, name, f"{name} = {said}", mentions, own=bool(parent.name)
                )
        return gradients

    def _settings(self, node: Node) -> Mapping[str, Any]:
        """Return the settings of an operation, with stand-ins for what varies."""
        if not node.settings:
            return node.settings
        given, stand_in = node.given, self.tracer.with_stand_ins
        return {name: stand_in(value, given[name]) for name, value in node.settings.items()}

    def _filled(self, template: str, node: Node, settings: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
        """Return the formula with the names in it, and which of these a reader must know."""
        primitive = node.primitive
        assert primitive is not None
        parents = dict(zip(primitive.operands, node.parents, strict=True))
        names = {operand: self.label[parent] for operand, parent in parents.items()}
        names |= {primitive.result: self.label[node], f"d_{primitive.result}": self.d_label[node]}
        said = {name: written_setting(_said(value)) for name, value in settings.items()}
        mentions = tuple(
            names[field]
            for _, field, _, _ in Formatter().parse(template)
            if field in names and not (field in parents and parents[field].primitive is None)
        )
        return template.format(**said, **names), mentions


def _wanted(leaves: Iterable[Node], wrt: Node | Iterable[Node] | None) -> list[Node]:
    if isinstance(wrt, Node):
        wrt = [wrt]
    wanted = [node for node in leaves if node.role == "parameter"] if wrt is None else list(wrt)
    for node in wanted:
        require_node(node, "program: wrt")
        if not node.name or node.primitive is not None:
            raise ValueError(f"program: {node} is in wrt; expected a leaf with a name")
    return wanted


def _checked_varying(nodes: Iterable[Node], varying: Mapping[str, object]) -> Mapping[str, object]:
    for name, given in varying.items():
        if given is None or isinstance(given, int | float | str):
            raise ValueError(f"program: {name} is {given!r}; what varies is an array or another object")
        if not any(is_set_to(setting, [given]) for node in nodes for setting in node.given.values()):
            raise ValueError(
                f"program: no operation of the graph is set to {name}; expected the very object that stands "
                f"in the loss, as {name} does in E[:, {name}]"
            )
    if len(set(map(id, varying.values()))) < len(varying):
        raise ValueError("program: two names of varying stand for the same object")
    return varying


def _labels(nodes: Iterable[Node], inputs: Iterable[Node], names: Names) -> dict[Node, str]:
    """Return what each node is called in the program; an input keeps its name, or it is refused."""
    label = {node: names.of_input(node.name) for node in inputs}
    unnamed = 0
    for node in nodes:
        if node in label:
            continue
        if node.primitive is None:
            label[node] = f"{node.value:g}" if node.ndim == 0 else "constant"
            unnamed += node.ndim > 0
        else:
            unnamed += not node.name  # numbered as the pictures number them: v1, v2
            label[node] = names.unused(node.name or f"v{unnamed}")
    return label


def _made_to_fit(name: str, shape: tuple[int, ...] | None, value: Any, *, places: bool) -> Any:
    """Return an input as a float64 array or number, or as an array of places, or refuse it for its shape."""
    if shape is None:
        return value
    if places:
        array = np.asarray(value)
        if array.dtype.kind not in "iu":
            raise TypeError(f"program: {name}: expected whole numbers, got {array.dtype}")
        array = array.astype(np.intp, copy=False)
    else:
        array = as_numbers(value, f"program: {name}")
    if array.shape != shape:
        raise ShapeError(
            f"program: {name} has shape {array.shape}; it was written for {shape}. "
            "Write another program for other shapes: program(loss) of a graph that has them"
        )
    return array


def _said(setting: Any) -> Any:
    """Return a setting as the formulas say it, with the names of what varies."""
    if isinstance(setting, Traced | Call):
        return (setting.call if isinstance(setting, Traced) else setting).name
    return tuple(map(_said, cast("tuple[Any, ...]", setting))) if isinstance(setting, tuple) else setting
