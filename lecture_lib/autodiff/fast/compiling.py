"""A loss whose gradient comes from programs, one for each set of shapes that it meets."""

from __future__ import annotations

import functools
import inspect
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import numpy as np

from lecture_lib.autodiff.nodes import Node, data, parameter
from lecture_lib.autodiff.order import topological_order
from lecture_lib.autodiff.record import value_and_grad
from lecture_lib.autodiff.values import FLOAT64, Array, as_numbers
from lecture_lib.common import Tree, leaves, tree_map, tree_names

from .calls import is_set_to
from .outside import Outside
from .programs import Program, written
from .writing import RESERVED

# What a loss takes is of any type.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

SAME = 1e-8
"""How far, relative to the largest number in all of it, a program's gradient may be from the record's."""

MOST_OTHERS = 32
"""For how many plain numbers, handed over or from outside, programs are written."""

_RULE = (
    "A compiled loss does the same operations for all numbers, and hands what it is given on to operations "
    "as it is. Use the loss itself, without compiled"
)


@dataclass(eq=False)
class _Written:
    """A program, what it is given of a batch, and how often it ran."""

    program: Program
    parts: tuple[str, ...]
    calls: int = 0


_Key = tuple[Hashable, tuple[Hashable, ...], tuple[Hashable, ...]]
"""What two calls share when one program serves both: what is read from outside, the shapes, the batch."""


@dataclass(eq=False)
class Compiled:
    """A loss, and the programs of its gradient; made by `compiled`."""

    loss: Callable[..., Any]
    programs: dict[_Key, _Written] = field(default_factory=dict[_Key, _Written], repr=False)
    refusal: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        functools.update_wrapper(self, self.loss)
        self._outside = Outside(self.loss)

    def __reduce__(self) -> Any:
        return Compiled, (self.loss,)  # the programs are written anew

    def __call__(self, params: Tree, *batch: Any, **settings: Any) -> Any:
        """Return the loss, as it stands: a node of nodes, a number of arrays."""
        return self.loss(params, *batch, **settings)

    def value_and_grad(self, params: Tree, *batch: Any) -> tuple[float, Tree]:
        """Return the loss and its gradient with respect to params, as `ll.value_and_grad` does, but sooner.

        Parameters
        ----------
        params : array, or dict, list or tuple of such
        batch
            What else the loss takes. Arrays and sized things may be others at each call; for other shapes
            or lengths another program is written. Whatever else it takes is part of the program, and so is
            what the loss reads from outside; see `compiled`.

        Returns
        -------
        (float, tree)
            The gradient is structured as params. Its arrays are the program's own: the next call writes
            into them. That of an embedding matrix may be a `SparseGradient`.

        Raises
        ------
        ValueError
            If the loss is not a straight line: if it is another one for other numbers, as far as the first
            two batches of a shape tell, which alone are compared with the record. It is refused from then on.
        """
        if self.refusal:
            raise ValueError(self.refusal)
        theta: dict[str, Array] = {}

        def collect(value: Any, name: str) -> str:
            own = _free(name, theta)
            plain = type(value) is np.ndarray and value.dtype is FLOAT64
            theta[own] = value if plain else as_numbers(value, name or own)
            return own

        names = tree_map(collect, params, tree_names(params))
        key = (
            self._read_outside(),
            tuple((name, value.shape) for name, value in theta.items()),
            tuple(_kind(part) for part in batch),
        )
        if key not in self.programs:
            self._refuse_a_plain_number_that_changes(key)
            self.programs[key] = self._written(names, theta, batch)
        written = self.programs[key]
        given = {name: part for name, part in zip(written.parts, batch, strict=True) if name}
        given |= {name: value for name, value in theta.items() if name in written.program.inputs}
        loss, gradients = written.program(**given)
        written.calls += 1
        if written.calls <= 2:  # it was written from nodes, and the loss may do otherwise with arrays
            self._compare(params, batch, float(loss), gradients)
        return float(loss), tree_map(gradients.__getitem__, names)

    def _written(self, names: Tree, theta: dict[str, Array], batch: tuple[Any, ...]) -> _Written:
        """Write the program for one set of shapes."""
        parts = self._names_of(batch, theta)
        nodes = {name: parameter(value, name) for name, value in theta.items()}
        params = tree_map(nodes.__getitem__, names)
        named = {name: part for name, part in zip(parts, batch, strict=True) if name}
        numbers = {name for name, part in named.items() if _is_array(part, "f")}
        handed = dict(nodes)

        def recorded() -> Node:
            handed.update((name, data(named[name], name)) for name in numbers)
            loss = self.loss(params, *map(handed.get, parts, batch))
            if not isinstance(loss, Node):
                raise TypeError(f"compiled: {self._name()} returned {type(loss).__name__}; expected a node")
            return loss

        loss = recorded()
        # Whole numbers are places, if an operation is set to them; or else numbers like others.
        settings = [setting for node in topological_order(loss) for setting in node.given.values()]
        set_to = {name for name, part in named.items() if any(is_set_to(s, [part]) for s in settings)}
        labels = {name for name, part in named.items() if _is_array(part, "iub")} - set_to
        for name in named.keys() - numbers - labels - set_to:
            raise ValueError(
                f"compiled: {self._name()}: {name} is no array and no operation is set to it. {_RULE}"
            )
        if labels:
            numbers |= labels
            try:
                loss = recorded()
            except (TypeError, AttributeError, IndexError) as error:
                raise ValueError(
                    f"compiled: {self._name()} looks into {', '.join(labels)}. {_RULE}"
                ) from error
        varying = {name: part for name, part in named.items() if name in set_to}
        made = written(loss, self._inputs(loss, handed), [*nodes.values()], varying, fast=True)
        return _Written(made, tuple(name if name in made.inputs else "" for name in parts))

    def _inputs(self, loss: Node, handed: Mapping[str, Node]) -> list[Node]:
        """Return the leaves that each call gives anew. One that the loss makes itself keeps its value."""
        inputs: list[Node] = []
        for leaf in (node for node in topological_order(loss) if node.primitive is None):
            for name, node in handed.items():
                if node.value is leaf.value and name != leaf.name:
                    raise ValueError(
                        f"compiled: {self._name()} calls {name} {leaf.name or 'nothing'}. {_RULE}"
                    )
            same = handed.get(leaf.name)
            if same is not None and np.array_equal(leaf.value, same.value, equal_nan=True):
                inputs.append(leaf)
        return inputs

    def _names_of(self, batch: tuple[Any, ...], theta: dict[str, Array]) -> list[str]:
        """Return what each part of a batch is called in the program, "" for what does not vary."""
        try:
            arguments = [*inspect.signature(self.loss).parameters][1:]
        except ValueError:
            arguments = []
        names: list[str] = []
        taken = dict(theta)
        for i, part in enumerate(batch):
            name = arguments[i] if i < len(arguments) else f"batch_{i}"
            names.append(_free(name if name not in theta else f"batch_{i}", taken) if _varies(part) else "")
            taken[names[-1]] = part
        return names

    def _read_outside(self) -> Hashable:
        outside = self._outside.now()
        if len(self._outside.met) > MOST_OTHERS:
            self._refuse(
                f"compiled: {self._name()} reads from outside what is another at each call. Hand it over as "
                f"a part of the batch, in an array. {_RULE}"
            )
        return outside

    def _refuse_a_plain_number_that_changes(self, key: _Key) -> None:
        batches = [kinds for *_, kinds in (*self.programs, key)]
        if (
            len({tuple(kind for kind in kinds if not isinstance(kind, tuple)) for kinds in batches})
            > MOST_OTHERS
        ):
            self._refuse(
                f"compiled: {self._name()} is handed a plain number that is another at each call. Hand it "
                f"over in an array. {_RULE}"
            )

    def _refuse(self, why: str) -> NoReturn:
        self.refusal = why
        raise ValueError(why)

    def _compare(self, params: Tree, batch: tuple[Any, ...], loss: float, gradients: dict[str, Any]) -> None:
        """Refuse a loss whose program is not the loss: one that decides by the numbers it meets."""
        value, tree = value_and_grad(self.loss)(params, *batch)
        scale = max((np.abs(d_theta).max(initial=0.0) for d_theta in leaves(tree)), default=0.0)
        for (name, found), d_theta in zip(gradients.items(), leaves(tree), strict=True):
            if not np.allclose(np.asarray(found), d_theta, rtol=SAME, atol=SAME * scale, equal_nan=True):
                self._refuse(
                    f"compiled: the program of {self._name()} gives another gradient for {name} than the "
                    f"record. {_RULE}"
                )
        if not np.isclose(loss, value, rtol=SAME, atol=SAME, equal_nan=True):
            self._refuse(
                f"compiled: the program of {self._name()} gives another value than the record. {_RULE}"
            )

    def _name(self) -> str:
        return getattr(self, "__name__", "the loss")


def compiled(loss: Callable[..., Any]) -> Compiled:
    """Return the same loss, with its gradient from programs: what `train` takes when time matters.

    The first batch of a shape is recorded, and the record written out as a `program`, which then serves
    all batches of that shape. So the loss must do the same operations whatever the numbers are. Only the
    first two batches of a shape are computed both ways, and a loss whose gradients differ there is refused,
    then and from then on: what it decides by the numbers of a later batch is not seen.

    What the loss is not handed is part of its program, also a node that it makes itself. Numbers, arrays
    and functions that it, or a function that it calls, reads from globals, from the function around it,
    from defaults or from a `partial` are looked at before each call: when they are others, another program
    is written. An attribute of an object (``config.weight``), an entry of a dict, an array of more than
    100,000 numbers, or a random generator is *frozen* as it was at the first batch: hand over what changes
    as a part of the batch, in an array.

    Parameters
    ----------
    loss : callable
        (params, *batch) -> scalar: of nodes and of arrays.

    Examples
    --------
    >>> import numpy as np
    >>> import lecture_lib as ll
    >>> def loss(params, x, y):
    ...     return ((y - (params["w"] * x + params["b"])) ** 2).mean()
    >>> fast = ll.compiled(loss)
    >>> value, gradient = fast.value_and_grad({"w": 0.5, "b": -0.2}, np.array([2.0]), np.array([2.0]))
    >>> round(value, 2), round(float(gradient["w"]), 2)
    (1.44, -4.8)
    """
    return Compiled(loss)


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """Return what an input is called in the program: its name, or another one if that cannot be."""
    name = unicodedata.normalize("NFKC", name)  # as Python reads names
    name = name if name.isidentifier() and not name.startswith("__") else "theta"
    while name in taken or name in RESERVED:
        name = f"{name}_{len(taken)}"
    return name


def _is_array(part: Any, kinds: str) -> bool:
    return isinstance(part, np.ndarray) and part.dtype.kind in kinds


def _varies(part: Any) -> bool:
    return not isinstance(part, str) and hasattr(cast(object, part), "__len__")


def _kind(part: Any) -> Hashable:
    """Return what two parts share when one program serves both."""
    if isinstance(part, np.ndarray):
        return part.dtype.kind, part.shape
    if _varies(part):
        return type(part), len(part)
    return part
