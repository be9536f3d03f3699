"""The record written out as a straight-line NumPy program: what backpropagation computes, line by line.

A graph made by Python runs each operation with all that keeping a record costs. The same graph can be
written down once, as the few lines of NumPy that one would have derived by hand, and then run as
often as one likes. `program` writes them, by calling each primitive's own two functions on *traced*
arrays: a traced array stands for a value, and notes every NumPy call that is made with it. So there is
one definition of an operation and of its derivative, and this file knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lecture_lib.autodiff.graph import Node, ShapeError, topological_order, written_setting

from .writer import MISSING, Writer, is_set_to


@dataclass(frozen=True)
class Program:
    """A loss and its gradients as one NumPy function; made by `program`. Print `source` to read it.

    Attributes
    ----------
    source : str
        The program. It runs as it stands, given NumPy as ``np`` and, if there are any, the `constants`.
    inputs : mapping from str to tuple of int or None
        What it takes, by name, with the shape that each has; None for what is not an array.
    constants : mapping from str to object
        Longer arrays, and functions, that the source uses by name.
    run : callable
        The program itself: takes the inputs as they are, by name.
    checked : callable
        The same, for inputs of any kind; those of other shapes are refused.
    """

    source: str
    inputs: Mapping[str, tuple[int, ...] | None]
    constants: Mapping[str, Any]
    run: Callable[..., tuple[Any, dict[str, Any]]]
    checked: Callable[..., tuple[Any, dict[str, Any]]]

    def __call__(self, **values: Any) -> tuple[float, dict[str, Any]]:
        """Return the loss and the gradients, by name, for new values of the same shapes.

        The gradients are the program's own buffers: the next call writes into them. Copy what is to be
        kept. That of an embedding matrix may be `Columns`, if few of its columns were looked up.

        Raises
        ------
        TypeError
            If an input is missing or unknown.
        ShapeError
            If an input has another shape than the program was written for.
        """
        return self.checked(**values)

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
        graph's operations which *are* one of these objects, or have one in them as ``E[:, words]`` has,
        become inputs of this name.

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
        If a leaf in wrt has no name, or two leaves share one, or no operation is set to what varies.

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
    for name, given in (varying or {}).items():
        if given is None or isinstance(given, int | float | str):
            raise ValueError(f"program: {name} is {given!r}; what varies is an array or another object")
        if not any(is_set_to(setting, [given]) for node in nodes for setting in node.settings.values()):
            raise ValueError(
                f"program: no operation of the graph is set to {name}; expected the very object that stands "
                f"in the loss, as {name} does in E[:, {name}]"
            )
    if len(set(map(id, (varying or {}).values()))) < len(varying or {}):
        raise ValueError("program: two names of varying stand for the same object")
    writer = Writer(varying or {})
    label = writer.labels_of(nodes, inputs)
    if len({node.name for node in wanted}) < len(set(wanted)):
        raise ValueError("program: two leaves in wrt have one name; their gradients come by name")
    d_label = {node: writer.unused(f"d_{label[node]}") for node in nodes}

    values: dict[Node, Any] = {}
    for node in leaves:
        values[node] = writer.input(label[node], node.value) if node.name else node.value
    reached = {node for node in wanted if node in values}
    for node in nodes:
        if node.primitive is None:
            continue
        if not reached.isdisjoint(node.parents):
            reached.add(node)
        operands = [values[parent] for parent in node.parents]
        result = writer.trace(node.primitive.name, node.primitive.forward, operands, node.settings)
        formula = _filled(node.primitive.formula, node, label, d_label, writer)
        result = writer.shaped(result, node.shape)
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
            name, said = d_label[parent], _filled(formula, node, label, d_label, writer)
            d_parent = writer.shaped(d_parent, parent.shape)
            if parent.primitive is not None or parent in gradients:
                d_parent = writer.dense(d_parent)
            if parent in gradients:  # the sum gets the name; what there was so far, one with a number
                said = f"{writer.renamed(gradients[parent])} + {said}"
                d_parent = writer.dense(gradients[parent]) + d_parent
            gradients[parent] = writer.named(d_parent, name, f"{name} = {said}")
    outputs: dict[str, Any] = {}
    for node in wanted:
        d_node = gradients.get(node, np.zeros(node.shape))
        outputs[node.name] = writer.of_its_own(d_node, outputs.values())
    source, run = writer.finish(writer.as_number(values[loss]), outputs)
    shapes = writer.shapes
    places = [name in writer.varying for name in shapes]

    def made_to_fit(others: Mapping[str, object], *values: Any) -> Iterable[Any]:
        given = [name for name, value in zip(shapes, values, strict=True) if value is not MISSING]
        if others or len(given) < len(shapes):
            got = ", ".join([*given, *others]) or "nothing"
            raise TypeError(f"program: it takes {', '.join(shapes) or 'nothing'}; got {got}")
        return map(_made_to_fit, shapes.items(), places, values)

    checked = writer.checked(run, made_to_fit)
    # Python looks a __call__ up in the class. In a class of its own it is the checked function itself, which
    # then is called without a detour.
    own = type("Program", (Program,), {"__call__": staticmethod(checked), "__doc__": Program.__doc__})
    return own(source, shapes, writer.constants, run, checked)


def _made_to_fit(expected: tuple[str, tuple[int, ...] | None], places: bool, value: Any) -> Any:
    """Return an input as a float64 array or number, or as an array of places, or refuse it for its shape."""
    name, shape = expected
    if shape is None:
        return value
    if places:
        array = np.asarray(value)
        if array.dtype.kind not in "iu":
            raise TypeError(f"program: {name}: expected whole numbers, got {array.dtype}")
        array = array.astype(np.intp, copy=False)
    else:
        array = np.asarray(value, dtype=np.float64)[()]
    if array.shape != shape:
        raise ShapeError(
            f"program: {name} has shape {array.shape}; it was written for {shape}. "
            "Write another program for other shapes: program(loss) of a graph that has them"
        )
    return array


def _filled(
    template: str, node: Node, label: Mapping[Node, str], d_label: Mapping[Node, str], writer: Writer
) -> str:
    """Return the formula with the names of the node and of its operands."""
    primitive = node.primitive
    assert primitive is not None
    names = {o: label[parent] for o, parent in zip(primitive.operands, node.parents, strict=True)}
    settings = {name: written_setting(writer.said(value)) for name, value in node.settings.items()}
    return template.format(
        **{primitive.result: label[node], f"d_{primitive.result}": d_label[node], **settings, **names}
    )
