"""How the lines of a program come about: traced arrays note what a primitive's functions do with them.

A *traced* array stands for a value. What NumPy is asked to do with it becomes a line of source code, written
into a buffer that is made once. What costs less in other words, and means the same, is written in those;
all of that stands in one section here, "in fewer or quicker words".
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from lecture_lib.autodiff.graph import FLOAT64, Array, Node, ShapeError

from .columns import Columns

# Traced arrays stand in for arrays of every dtype, and answer to whatever NumPy does with those.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false


@dataclass(eq=False)
class Line:
    """One line of the program: the value `name`, and how it comes about.

    Attributes
    ----------
    name : str
        What the value is called; "t" if nobody gave it a name.
    text : str
        The lines and inputs that it uses stand in its braces, to be filled in when all names are known.
    uses : list of Line
        Those lines and inputs.
    where : {"input", "call", "once", "inline"}
        Whether it is given, computed at each call, a view of a buffer that is made once, or a view of an
        input that stands where it is used.
    buffer : (shape, name of the dtype) or None
        The array that it is written into.
    comment : str
        The formula.
    into : str
        Of a number, the text that writes it into an array of its own: NumPy combines such a one with others
        sooner.
    takes_arrays : bool
        Whether such arrays do in place of the numbers that it uses.
    fresh : bool
        Whether each call makes it anew: it is an np.float64, or an array that shares no memory.
    """

    name: str
    text: str
    uses: list[Line]
    where: Literal["input", "call", "once", "inline"]
    buffer: tuple[tuple[int, ...], str] | None = None
    comment: str = ""
    into: str = ""
    takes_arrays: bool = False
    fresh: bool = False

    def written(self) -> str:
        """Return the text with all names in it."""
        return self.text.format(*(line.called() for line in self.uses), out=self.name)

    def called(self) -> str:
        """Return what stands where the line is used."""
        return self.written() if self.where == "inline" else self.name


class Traced(NDArrayOperatorsMixin):
    """Stands for an array or a number in the functions of a primitive, and notes what is done with it."""

    def __init__(self, writer: Writer, line: Line, value: Any) -> None:
        self.writer, self.line, self.value = writer, line, value
        self.shape: tuple[int, ...] = value.shape
        self.ndim: int = value.ndim
        self.size: int = value.size

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **options: Any) -> Any:
        if method == "__call__" and not options:
            return self.writer.ufunc(ufunc, operands)
        if method == "reduce":
            return self.writer.reduce(ufunc, *operands, **options)
        if method == "at" and isinstance(operands[0], np.ndarray):
            return self.writer.scatter(ufunc, *operands)
        raise TypeError(f"np.{ufunc.__name__}.{method} is not traced")

    def __array_function__(self, function: Any, _: Any, operands: Any, options: Any) -> Any:
        if function is np.copyto and isinstance(operands[0], np.ndarray):
            return self.writer.copy(*operands, **options)
        name = function.__name__
        if getattr(np, name, None) is not function or "out" in options or _sizes_itself(name, operands):
            raise TypeError(f"{name} is not traced")
        return self.writer.call(f"np.{name}", function, operands, options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a traced array has no array of its own")

    def __bool__(self) -> bool:
        raise TypeError("a traced array has no numbers to decide by")

    def __getitem__(self, index: Any) -> Any:
        return self.writer.index(self, index)

    # The methods of arrays that primitives use, each as NumPy has it.

    @property
    def T(self) -> Any:
        """The transpose."""
        return self.writer.view(self, ".T", self.value.T)

    def reshape(self, *shape: Any) -> Any:
        """The same numbers in another shape."""
        return self.writer.view(self, f".reshape({', '.join(map(str, shape))})", self.value.reshape(*shape))

    def swapaxes(self, i: int, j: int) -> Any:
        """Two axes exchanged."""
        return self.writer.view(self, f".swapaxes({i}, {j})", self.value.swapaxes(i, j))

    def dot(self, other: Any) -> Any:
        """The product of vectors and matrices."""
        return self.writer.ufunc(np.matmul, (self, other))

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The sum over an axis."""
        return self.writer.reduce(np.add, self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The largest along an axis."""
        return self.writer.reduce(np.maximum, self, axis=axis, keepdims=keepdims)


_OPERATORS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**",
    "greater": ">", "equal": "==", "less": "<",
}  # fmt: skip
MISSING = object()
"""Stands for an input that a call did not give."""

_OUT_BY_NAME = (np.maximum, np.minimum)  # which do not take it by its place


def is_set_to(setting: Any, given: Iterable[object]) -> bool:
    """Return whether a setting is one of these objects, or a tuple with one in it."""
    parts = cast("tuple[Any, ...]", setting) if isinstance(setting, tuple) else ()
    return any(setting is one or any(part is one for part in parts) for one in given)


def of_shape(result: Any, shape: tuple[int, ...]) -> Any:
    """Return what an operation made of a setting that varies, if it has the shape that is written for."""
    if result.shape != shape:
        raise ShapeError(
            f"program: of a setting that varies came the shape {result.shape}; it was written for {shape}. "
            "Write another program for other shapes"
        )
    return result


def _sizes_itself(name: str, operands: Any) -> bool:
    """Return whether the shape of a NumPy function's result depends on the numbers."""
    sized = {"nonzero", "flatnonzero", "argwhere", "unique", "extract", "compress"}
    return name in sized or (name == "where" and len(operands) == 1)


def _values(index: Any) -> Any:
    """Return an index with arrays in place of traced ones."""
    if isinstance(index, tuple):
        parts = cast("tuple[Any, ...]", index)
        return tuple(map(_values, parts)) if any(isinstance(part, Traced) for part in parts) else parts
    return index.value if isinstance(index, Traced) else index


def _written_out(value: Any) -> str | None:
    """Return the text that makes a constant array; None for what is no array, or too long to read."""
    if not isinstance(value, np.ndarray) or value.dtype not in (np.float64, np.intp) or not value.size:
        return None
    first = value.flat[0]
    uniform = np.full_like(value, first).tobytes() == value.tobytes()  # 0.0 == -0.0, but they are two
    if value.dtype == np.float64 and uniform and np.isfinite(first):
        size = value.shape[0] if value.ndim == 1 else value.shape
        if first in (0, 1) and not np.signbit(first):
            return f"np.{'ones' if first else 'zeros'}({size})"
        n = round(1 / first) if 1e-6 < first < 1 else 0
        return f"np.full({size}, {f'1 / {n}' if n and 1 / n == first else repr(float(first))})"
    return f"np.array({value.tolist()})" if value.size <= 12 and np.isfinite(value).all() else None


def _kept_as_it_is(value: Any) -> Any:
    """Return a constant in arrays of its own: the caller may write into an array of words later."""
    if isinstance(value, tuple):
        return tuple(map(_kept_as_it_is, cast("tuple[Any, ...]", value)))
    return value.copy() if isinstance(value, np.ndarray | list) else value


def _shares(result: Any, others: Iterable[Any]) -> bool:
    return any(
        isinstance(array, np.ndarray) and np.may_share_memory(result, array)
        for array in others
        if isinstance(result, np.ndarray)
    )


def _owners(line: Line) -> set[Line]:
    """Return the lines in whose memory a result may lie."""
    seen: set[Line] = set()
    waiting = [line]
    while waiting:
        line = waiting.pop()
        if line not in seen:
            seen.add(line)
            if not (line.buffer or line.fresh):
                waiting.extend(line.uses)
    return {line for line in seen if line.buffer or line.fresh or not line.uses}


class Writer:
    """Collects the lines; the same computation on the same operands is written once."""

    def __init__(self, varying: Mapping[str, object]) -> None:
        self.lines: list[Line] = []
        self.constants: dict[str, Any] = {}
        self.constant_names: dict[object, str] = {}
        self.written: dict[tuple[Any, ...], Traced] = {}
        self.filled: dict[int, tuple[Any, Traced]] = {}  # arrays that a function made and wrote into
        self.varying = {name: (self.stand_in(name, value), value) for name, value in varying.items()}
        self.shapes: dict[str, tuple[int, ...] | None] = {
            name: stand_in.shape if isinstance(stand_in, Traced) else None
            for name, (stand_in, _) in self.varying.items()
        }
        self.kept: list[Any] = []
        self.taken = {"np", "loss_and_gradients", *keyword.kwlist}
        self.numbers: dict[str, int] = {}
        for name in varying:
            self.name_of_input(name)
        self.functions: dict[str, str] = {}
        self.numbers_made: list[tuple[str, str]] = []
        self.summed: dict[int, tuple[Any, Traced, Array]] = {}
        self.first_backward = 0

    # Names.

    def unused(self, name: str) -> str:
        """Return the name, or the name with a number if it stands for something already."""
        name = unicodedata.normalize("NFKC", name)  # as Python reads names: it takes ℓ for l
        name = name if name.isidentifier() else "v"
        free, stem = name, name.removesuffix("_1")
        while free in self.taken:
            self.numbers[stem] = self.numbers.get(stem, 1) + 1
            free = f"{stem}_{self.numbers[stem]}"
        self.taken.add(free)
        return free

    def labels_of(self, nodes: Iterable[Node], inputs: Iterable[Node]) -> dict[Node, str]:
        """Return what each node is called in the program; an input keeps its name, or it is refused."""
        label: dict[Node, str] = {}
        for node in inputs:
            label[node] = self.name_of_input(node.name)
        unnamed = 0
        for node in nodes:
            if node.primitive is None and not node.name:
                label[node] = f"{node.value:g}" if node.ndim == 0 else "constant"
            elif node not in label:
                unnamed += not node.name  # numbered as the pictures number them: v1, v2
                label[node] = self.unused(node.name or f"v{unnamed}")
        return label

    def name_of_input(self, name: str) -> str:
        """Return what an input is called: its name, which has to be one of Python's and free."""
        free = unicodedata.normalize("NFKC", name) not in self.taken
        if not free or not name.isidentifier() or name.startswith("__"):
            raise ValueError(f"program: {name!r} cannot name an input: it must be a name, used once")
        return self.unused(name)

    def input(self, name: str, value: Array) -> Traced:
        """Return what stands for an input."""
        self.shapes[name] = value.shape
        return Traced(self, Line(name, "", [], "input"), value)

    def named(self, result: Any, name: str, comment: str) -> Any:
        """Give a result its name; one that has a name already is written again under this one."""
        if not isinstance(result, Traced):
            return result  # a number, such as the gradient 1 that an addition hands on
        if result.line.name != "t" or result.line.where in ("input", "inline"):
            line = self.line(name, "{0}", [result.line])
            if result.line.buffer or result.line.where == "once":
                line.where = "once"
            result = Traced(self, line, result.value)
        result.line.name = name
        result.line.comment = comment
        return result

    def renamed(self, result: Any) -> str:
        """Free the name of a result for another; return what the result is called now."""
        if not isinstance(result, Traced):
            return "a constant"
        name = result.line.name
        result.line.name = self.unused(f"{name}_1")
        result.line.comment = result.line.comment.replace(f"{name} =", f"{result.line.name} =", 1)
        return result.line.name

    # What varies: settings, and parts of settings, that each call gives anew.

    def stand_in(self, name: str, value: object) -> Traced | Line:
        """Return what stands for a setting that varies; places are traced, as the numbers of an input are."""
        line = Line(name, "", [], "input")
        if isinstance(value, list) and value and all(type(place) is int for place in value):
            value = np.array(value)
        places = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
        return Traced(self, line, value) if places else line

    def with_stand_ins(self, setting: Any) -> Any:
        """Return a setting in which stand-ins take the place of what varies: of words in (:, words)."""
        for stand_in, given in self.varying.values():
            if setting is given:
                return stand_in
        if is_set_to(setting, [given for _, given in self.varying.values()]):
            return tuple(map(self.with_stand_ins, setting))
        return setting

    def said(self, setting: Any) -> Any:
        """Return a setting as the formulas say it, with the names of what varies."""
        found = self.with_stand_ins(setting)
        if isinstance(found, Traced | Line):
            return (found.line if isinstance(found, Traced) else found).name
        return tuple(map(self.said, setting)) if isinstance(setting, tuple) else setting

    # What a primitive's functions do with traced arrays.

    def trace(self, name: str, function: Callable[..., Any], operands: list[Any], settings: Any) -> Any:
        """Return function(*operands, **settings), written as the NumPy calls that it makes.

        A function that does what cannot be traced is written as a call of itself. So is one whose
        settings vary and are no arrays: what it makes of them is not the same at each call.
        """
        traced = {key: self.with_stand_ins(value) for key, value in settings.items()}
        parts = [
            part for value in traced.values() for part in (value if isinstance(value, tuple) else [value])
        ]
        varies = any(isinstance(part, Line) for part in parts)
        filled = set(self.filled)
        if varies or not any(isinstance(operand, Traced) for operand in operands):
            return self.call_itself(name, function, operands, settings)
        lines, results = len(self.lines), len(self.written)
        try:
            result = function(*operands, **traced)
            results_made: list[Any] = list(result) if isinstance(result, tuple | list) else [result]
            if (self.filled.keys() - filled) - set(map(id, results_made)):
                raise TypeError("what was written into an array was used for something else")
            made = tuple(map(self.own, results_made))
            return made if isinstance(result, tuple | list) else made[0]
        except (TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError):
            del self.lines[lines:]
            while len(self.written) > results:
                self.written.popitem()
            return self.call_itself(name, function, operands, settings)

    def own(self, result: Any) -> Any:
        """Return the traced array that stands for a result, if there is one."""
        return self.filled[id(result)][1] if id(result) in self.filled else result

    def call_itself(self, name: str, function: Callable[..., Any], operands: list[Any], settings: Any) -> Any:
        """Write a call of the function as it stands."""
        values = [operand.value if isinstance(operand, Traced) else operand for operand in operands]
        result = function(*values, **settings)
        uses: list[Line] = []
        arguments = [
            self.constant("number", np.float64(operand))  # with a shape, which a number in the text has not
            if isinstance(operand, float)
            else self.written_as(operand, uses)
            for operand in operands
        ]
        for key, value in settings.items():
            arguments.append(f"{key}={self.setting_text(self.with_stand_ins(value), value, uses)}")
        text = f"{self.constant(name, function)}({', '.join(arguments)})"
        known = [value for value in values if isinstance(value, np.ndarray)]
        if not isinstance(result, tuple | list):
            if any(isinstance(stand_in, Line) and stand_in in uses for stand_in, _ in self.varying.values()):
                text = f"{self.constant('of_shape', of_shape)}({text}, {result.shape})"
            made = self.add(text, uses, result)
            made.line.fresh = not _shares(result, known)
            return made
        parts = self.line("parts", text, uses)
        made_parts: list[Traced] = []
        for i, part in enumerate(cast("tuple[Any, ...]", result)):
            made_parts.append(self.add(f"{{0}}[{i}]", [parts], part))
            made_parts[-1].line.fresh = not _shares(part, known)
            known.append(part)
        return tuple(made_parts)

    def ufunc(self, ufunc: np.ufunc, operands: tuple[Any, ...]) -> Any:
        """Write a call of a ufunc: into a buffer, or as an operator where the result is a number."""
        quicker = self.quicker_ufunc(ufunc, operands)
        if quicker is not None:
            return quicker
        values = [operand.value if isinstance(operand, Traced) else operand for operand in operands]
        with np.errstate(all="ignore"):
            result = ufunc(*values)
        uses: list[Line] = []
        arguments = [self.written_as(operand, uses) for operand in operands]
        if result.ndim:
            if result.dtype == np.float64:
                arguments = [
                    self.as_array(operand, text) for operand, text in zip(operands, arguments, strict=True)
                ]
            out = "out={out}" if ufunc in _OUT_BY_NAME else "{out}"
            text = f"{self.function(ufunc)}({', '.join(arguments)}, {out})"
            made = self.add(text, uses, result, buffer=True)
            made.line.takes_arrays = True
            return made
        if ufunc.__name__ in _OPERATORS:
            text = f" {_OPERATORS[ufunc.__name__]} ".join(arguments)
        elif ufunc is np.negative:
            text = f"-{arguments[0]}"
        else:
            text = f"{self.function(ufunc)}({', '.join(arguments)})"
        made = self.add(text, uses, result)
        made.line.fresh = True
        return made

    def reduce(self, ufunc: np.ufunc, a: Traced, axis: Any = 0, keepdims: bool = False) -> Any:
        """Write `ufunc.reduce(a, axis=axis, keepdims=keepdims)`."""
        quicker = self.quicker_reduce(ufunc, a, axis, keepdims)
        if quicker is not None:
            return quicker
        with np.errstate(all="ignore"):
            result = ufunc.reduce(a.value, axis=axis, keepdims=keepdims)
        text = f"{self.function(ufunc)}.reduce({{0}}, axis={axis}" + (", keepdims=True" if keepdims else "")
        if result.ndim:
            return self.add(text + ", out={out})", [a.line], result, buffer=True)
        made = self.add(text + ")", [a.line], result)
        made.line.fresh = True
        return made

    def scatter(self, ufunc: np.ufunc, target: Array, index: Any, a: Any) -> None:
        """Write what `ufunc.at(target, index, a)` does to an array that the function made."""
        before = self.filled.get(id(target))
        start = before[1] if before else target.copy()
        result = start.value.copy() if isinstance(start, Traced) else start.copy()
        places = _values(index)
        ufunc.at(result, places, a.value if isinstance(a, Traced) else a)
        same = places is index  # at each call
        line = self.quicker_scatter(ufunc, target, index, a, result) if same and not before else None
        if line is None:
            uses: list[Line] = []
            where = self.constant("places", index) if same else self.setting_text(index, places, uses)
            text = f"{{out}}[...] = {self.written_as(start, uses)}\n"
            text += f"{self.function(ufunc)}.at({{out}}, {where}, {self.written_as(a, uses)})"
            line = self.add(text, uses, result, buffer=True)
        # The array itself is kept beside what stands for it, so that its id is not given to another.
        self.filled[id(target)] = target, line

    def copy(self, target: Array, a: Traced) -> None:
        """Write what `np.copyto(target, a)` does to an array that the function made."""
        result = np.empty_like(target)
        np.copyto(result, a.value)
        self.filled[id(target)] = target, self.add("{out}[...] = {0}", [a.line], result, buffer=True)

    def call(self, name: str, function: Callable[..., Any], operands: Any, options: Any) -> Any:
        """Write a call of a NumPy function that is no ufunc, such as np.where."""
        uses: list[Line] = []
        arguments = [self.written_as(operand, uses) for operand in operands]
        arguments += [f"{key}={self.written_as(value, uses)}" for key, value in options.items()]
        values = [operand.value if isinstance(operand, Traced) else operand for operand in operands]
        return self.add(f"{name}({', '.join(arguments)})", uses, function(*values, **options))

    def view(self, a: Traced, what: str, result: Any) -> Any:
        """Write a view of an array, such as its transpose."""
        return self.add(f"{{0}}{what}", [a.line], result, view=np.shares_memory(a.value, result))

    def index(self, a: Traced, index: Any) -> Any:
        """Write `a[index]`."""
        quicker = self.quicker_index(a, index)
        if quicker is not None:
            return quicker
        uses = [a.line]
        parts = index if isinstance(index, tuple) else (index,)
        if any(isinstance(part, Traced) and part.value.dtype.kind == "b" for part in parts):
            raise TypeError("how many entries a mask picks depends on the numbers")
        result = a.value[_values(index)]
        text = f"{{0}}[{self.index_text(index, uses)}]"
        return self.add(text, uses, result, view=bool(np.ndim(result)) and np.shares_memory(a.value, result))

    def dense(self, a: Any) -> Any:
        """Return a gradient as an array, also where only some columns were handed back."""
        if isinstance(a, Columns):
            return np.asarray(a)
        if isinstance(a, Traced) and isinstance(a.value, Columns):
            made = self.add("np.asarray({0})", [a.line], np.asarray(a.value))
            made.line.fresh = True
            return made
        return a

    def shaped(self, result: Any, shape: tuple[int, ...]) -> Any:
        """Return a result in the shape that it has without the quicker words."""
        if isinstance(result, Traced) and result.shape != shape:
            return self.add(f"{{0}}.reshape{shape}", [result.line], result.value.reshape(shape))
        return result

    def of_its_own(self, a: Any, others: Iterable[Any]) -> Any:
        """Return a result in an array that is no input's, no constant's and none of the others'.

        The caller may write into it. A rule may hand on an operand as it is: ∂(a · b)/∂a is b.
        """
        value = a.value if isinstance(a, Traced) else a
        if isinstance(value, Columns):
            return a
        if not value.ndim:
            return self.as_number(a)
        if isinstance(a, Traced):
            owners = _owners(a.line)
            taken = {line for other in others if isinstance(other, Traced) for line in _owners(other.line)}
            if owners.isdisjoint(taken) and all(line.buffer or line.fresh for line in owners):
                return a
        uses: list[Line] = []
        line = self.line("t", f"{{out}}[...] = {self.written_as(a, uses)}", [])
        line.uses, line.buffer = uses, (value.shape, value.dtype.name)
        return Traced(self, line, value.copy())

    def as_number(self, a: Any) -> Any:
        """Return a number as an np.float64, into which nobody can write; a view may be an array."""
        if not isinstance(a, Traced):
            return self.add(f"np.float64({self.written_as(a[()], [])})", [], a[()])
        line = a.line
        while line.text == "{0}":  # the same under another name
            line = line.uses[0]
        if line.fresh or line.where == "input":
            return a
        return self.add("np.float64({0})", [a.line], a.value)

    # In fewer or quicker words. Each returns None where there are none.

    def quicker_ufunc(self, ufunc: np.ufunc, operands: tuple[Any, ...]) -> Any:
        """A factor of 1, as the seed is one, is left out; a product of vectors and matrices is `.dot`.

        A sum that is divided by a number is the product with shares, as the sum is one with ones. Wᵀd is
        written dW, which needs no other view of W.
        """
        if ufunc is np.divide and isinstance(operands[1], float) and operands[1]:
            summed = self.summed.get(id(operands[0]))
            if summed is not None:
                _, a, ones = summed
                return self.ufunc(np.matmul, (a, ones / operands[1]))
        if ufunc is np.multiply:
            for one, other in (operands, operands[::-1]):
                if isinstance(one, float) and one == 1.0 and other.value.dtype == np.float64:
                    return other
        axes = [np.ndim(operand.value if isinstance(operand, Traced) else operand) for operand in operands]
        if ufunc is np.matmul and axes == [2, 1] and isinstance(operands[0], Traced):
            view = operands[0].line
            if view.text == "{0}.T":
                return self.ufunc(ufunc, (operands[1], Traced(self, view.uses[0], operands[0].value.T)))
        if (ufunc is np.matmul and max(axes) <= 2) or (ufunc is np.vecdot and axes == [1, 1]):
            values = [operand.value if isinstance(operand, Traced) else operand for operand in operands]
            result = values[0].dot(values[1])
            uses: list[Line] = []
            left, right = (self.written_as(operand, uses) for operand in operands)
            if result.ndim:
                return self.add(f"{left}.dot({right}, {{out}})", uses, result, buffer=True)
            made = self.add(f"{left}.dot({right})", uses, result)
            made.line.fresh = True
            made.line.into = f"{left}.dot({right}, {{out}})" if result.dtype == np.float64 else ""
            return made
        return None

    def quicker_reduce(self, ufunc: np.ufunc, a: Traced, axis: Any, keepdims: bool) -> Any:
        """What a vector is reduced to is a number. The sum along the last axis is the product with ones."""
        last = axis in (-1, a.ndim - 1) or (axis is None and a.ndim == 1)
        if a.ndim == 1 and last:
            keepdims = False
            if ufunc is not np.add:
                with np.errstate(all="ignore"):
                    result = ufunc.reduce(a.value)
                made = self.add(f"{self.function(ufunc)}.reduce({{0}})", [a.line], result)
                into = f"{self.function(ufunc)}.reduce({{0}}, 0, None, {{out}})"
                made.line.into = into if result.dtype == np.float64 else ""
                made.line.fresh = True
                return made
        if ufunc is not np.add or not last or a.ndim > 2 or a.value.dtype != np.float64:
            return None
        ones = np.ones((a.shape[-1], 1) if keepdims else a.shape[-1])
        result = self.ufunc(np.matmul, (a, ones))
        self.summed[id(result)] = result, a, ones  # kept, so that its id is not given to another
        return result

    def quicker_index(self, a: Traced, index: Any) -> Any:
        """Some columns or rows are taken with `take`, whose checks are made here, once."""
        parts = index if isinstance(index, tuple) else (index,)
        whole = [isinstance(part, slice) and part == slice(None) for part in parts]
        picked = [part for part, all_of_it in zip(parts, whole, strict=True) if not all_of_it]
        places = [np.asarray(_values(part)) for part in picked]
        if len(places) != 1 or places[0].ndim != 1 or places[0].dtype.kind not in "iu":
            return None
        if not a.value.flags.c_contiguous or a.value.dtype != np.float64:
            return None  # take would copy all of it first
        axis, length = whole.index(False), a.shape[whole.index(False)]
        result = a.value[_values(index)]
        if isinstance(picked[0], Traced):
            return self.add(
                f"{{0}}.take({{1}}, {axis}, {{out}})", [a.line, picked[0].line], result, buffer=True
            )
        signed = places[0].astype(np.intp)
        where = self.constant("places", np.where(signed < 0, signed + length, signed))
        text = f'{{0}}.take({where}, {axis}, {{out}}, "clip")'
        return self.add(text, [a.line], result, buffer=True)

    def quicker_scatter(self, ufunc: np.ufunc, target: Array, index: Any, a: Any, result: Array) -> Any:
        """What is added up in places of an array of zeros is a weighted count of the places."""
        if ufunc is not np.add or target.any() or target.dtype != np.float64 or not isinstance(a, Traced):
            return None
        places = np.arange(target.size).reshape(target.shape)[index]
        if places.shape != a.shape or a.ndim == 0 or a.value.dtype != np.float64 or target.size > 8 * a.size:
            return None
        where = self.constant("places", places.ravel())
        weights = a if a.ndim == 1 else a.reshape(-1)
        text = f"{self.function(np.bincount)}({where}, {{0}}, {target.size})"
        if target.ndim > 1:
            text += f".reshape({', '.join(map(str, target.shape))})"
        made = self.add(text, [weights.line], result)
        made.line.fresh = True
        return made

    # How operands are written.

    def use(self, line: Line, uses: list[Line]) -> str:
        """Return the brace in which the line's name will stand."""
        uses.append(line)
        return f"{{{len(uses) - 1}}}"

    def written_as(self, operand: Any, uses: list[Line]) -> str:
        """Return an operand as it stands in the source; a traced one is used, others are constants."""
        if isinstance(operand, Traced):
            if operand.writer is not self:
                raise TypeError("a traced array of another program")
            return self.use(operand.line, uses)
        if isinstance(operand, float | int | bool | np.bool_) or operand is None:
            text = repr(float(operand)) if isinstance(operand, float) else repr(operand)
            sign, text = text[: text.startswith("-")], text.lstrip("-")
            text = f"np.{text}" if text in ("nan", "inf") else text
            return f"(-{text})" if sign else text
        if isinstance(operand, np.ndarray) and operand.ndim and operand.dtype == np.float64:
            first = float(operand.flat[0]) if operand.size else np.nan
            name = {0.0: "zeros", 1.0: "ones"}.get(first, "shares" if 0 < first < 1 else "")
            if name and (operand == first).all():
                return self.constant(f"{name}_{'x'.join(map(str, operand.shape))}", operand)
        return self.constant("constant", operand)

    def setting_text(self, setting: Any, given: Any, uses: list[Line]) -> str:
        """Return a setting as it stands in a call, from itself with stand-ins and as it was given."""
        if isinstance(setting, Traced | Line):
            return self.use(setting.line if isinstance(setting, Traced) else setting, uses)
        if setting is given or not isinstance(setting, tuple):
            whole = isinstance(setting, slice) and setting == slice(None)
            return "slice(None)" if whole else self.written_as(given, uses)
        parts = zip(setting, given, strict=True)
        return f"({', '.join(self.setting_text(part, was, uses) for part, was in parts)},)"

    def as_array(self, operand: Any, text: str) -> str:
        """Return a number that is combined with an array as an array of its own: NumPy takes it as it is."""
        if type(operand) not in (int, float):
            return text
        key = "number", repr(float(operand))  # 0.0 and −0.0 are two
        if key not in self.constant_names:
            name = f"c{float(operand):g}".replace(".", "_").replace("-", "m").replace("+", "")
            self.constant_names[key] = self.unused(name)
            self.numbers_made.append(
                (self.constant_names[key], f"np.array({self.written_as(float(operand), [])})")
            )
        return self.constant_names[key]

    def function(self, function: Any) -> str:
        """Return the name under which the source finds a function of NumPy's."""
        name = function.__name__
        if getattr(np, name, None) is not function:
            return self.constant(name, function)
        if name not in self.functions:
            self.functions[name] = self.unused(name)
        return self.functions[name]

    def constant(self, name: str, value: Any) -> str:
        """Return the name under which the source finds a value; equal arrays have one."""
        key: object = id(value)
        if isinstance(value, np.ndarray):
            key = value.dtype.str, value.shape, value.tobytes()
        if key not in self.constant_names:
            self.constant_names[key] = name = self.unused(name)
            self.constants[name] = _kept_as_it_is(value)
            self.kept.append(value)  # so that its id is not given to another
        return self.constant_names[key]

    def index_text(self, index: Any, uses: list[Line]) -> str:
        """Return an index as it stands between the brackets."""
        parts: list[str] = []
        for part in cast("tuple[Any, ...]", index) if isinstance(index, tuple) else (index,):
            if isinstance(part, slice):
                ends = ["" if end is None else str(end) for end in (part.start, part.stop, part.step)]
                parts.append(":".join(ends if part.step is not None else ends[:2]))
            elif part is None or part is Ellipsis:
                parts.append("np.newaxis" if part is None else "...")
            elif isinstance(part, int | np.integer):
                parts.append(str(part))
            elif isinstance(part, Traced):
                parts.append(self.use(part.line, uses))
            else:
                places = np.asarray(part)
                parts.append(self.written_as(places if places.size else places.astype(np.intp), uses))
        return ", ".join(parts) or "()"

    # The lines.

    def add(
        self, text: str, uses: list[Line], result: Any, *, buffer: bool = False, view: bool = False
    ) -> Traced:
        """Add a line for a result, unless the same one is there already, and return what stands for it."""
        key = (text, np.shape(result) if buffer else None, *(id(line) for line in uses))
        if key in self.written:
            return self.written[key]
        value: Any = result if isinstance(result, Columns) else np.asarray(result)[()]
        line = self.line("t", text, uses)
        if buffer:
            value = np.asarray(value, order="C")[()]  # as the buffer is, whose views are judged by it
            line.buffer = value.shape, value.dtype.name
        if view:
            if all(used.buffer or used.where == "once" for used in uses):
                line.where = "once"
            elif all(used.where in ("input", "inline") for used in uses):
                line.where = "inline"
        self.written[key] = Traced(self, line, value)
        return self.written[key]

    def line(self, name: str, text: str, uses: list[Line]) -> Line:
        """Add a line."""
        line = Line(name, text, list(uses), "call")
        self.lines.append(line)
        return line

    def backward_begins(self) -> None:
        """Note that what comes now is the backward pass."""
        self.first_backward = len(self.lines)

    def finish(self, loss: Any, outputs: Mapping[str, Any]) -> tuple[str, Callable[..., Any]]:
        """Return the source of what the loss and the gradients need, and the function that it defines."""
        uses: list[Line] = []
        returned = [self.written_as(loss, uses), *(self.written_as(d, uses) for d in outputs.values())]
        needed: set[int] = set()
        waiting = list(uses)
        while waiting:
            line = waiting.pop()
            if id(line) not in needed:
                needed.add(id(line))
                waiting.extend(line.uses)
        lines = [line for line in self.lines if id(line) in needed]
        as_numbers = {id(used) for line in lines if not line.takes_arrays for used in line.uses}
        as_numbers.update(map(id, uses))
        for line in lines:
            if line.into and id(line) not in as_numbers:
                line.text, line.buffer = line.into, ((), "float64")
        made: dict[str, list[str]] = {}
        views: list[str] = []
        body: list[str] = []
        for place, line in enumerate(self.lines):
            if place == self.first_backward:
                body.append("")
            if id(line) not in needed or line.where == "inline":
                continue
            if line.name in ("t", "parts"):
                line.name = self.unused(line.name)
            comment = f"  # {line.comment}" if line.comment else ""
            if line.buffer:
                shape, dtype = line.buffer
                kind = "" if dtype == "float64" else f", dtype={dtype!r}"
                made.setdefault(f"np.empty({shape}{kind})", []).append(line.name)
                *first, last = line.written().split("\n")
                body += [f"    {text}" for text in (*first, last + comment)]
            elif line.where == "once":
                views.append(f"{line.name} = {line.written()}{comment}")
            else:
                body.append(f"    {line.name} = {line.written()}{comment}")
        called = [line.called() for line in uses]
        written = [text.format(*called) for text in returned]
        gradients = ", ".join(f'"{name}": {text}' for name, text in zip(outputs, written[1:], strict=True))
        buffers = [
            f"{names[0]} = {empty}"
            if len(names) == 1
            else f"{', '.join(names)} = ({empty} for _ in range({len(names)}))"
            for empty, names in made.items()
        ]
        names_used = set(re.findall(r"\w+", "\n".join(body)))
        functions = [
            name if name == called else f"{name} as {called}"
            for name, called in sorted(self.functions.items())
            if called in names_used
        ]
        short = [f"from numpy import {', '.join(functions)}"] if functions else []
        short += [f"{name} = {made}" for name, made in self.numbers_made if name in names_used]
        head = f"def loss_and_gradients({', '.join(self.shapes)}):"
        end = f"    return {written[0]}, {{{gradients}}}"
        short += self.constants_written({*names_used, *re.findall(r"\w+", "\n".join([*views, end]))})
        once = [*short, *buffers, *views]
        if once:
            once = [
                "# Made once: short names, fixed arrays, arrays to write into, other views of them.",
                *once,
                "",
            ]
        source = "\n".join([*once, head, *body, end])
        space: dict[str, Any] = {"np": np, **self.constants}
        exec(compile(source, "<program>", "exec"), space)
        return source, space["loss_and_gradients"]

    def constants_written(self, names_used: set[str]) -> list[str]:
        """Return the lines that make the small constants; what remains has to be given to the source."""
        lines: list[str] = []
        for name, value in list(self.constants.items()):
            text = _written_out(value) if name in names_used else ""
            if text is not None:
                del self.constants[name]
            if text:
                lines.append(f"{name} = {text}")
        return lines

    def checked(self, run: Callable[..., Any], made_to_fit: Callable[..., Any]) -> Callable[..., Any]:
        """Return run for inputs of any kind, by name.

        It is one expression, as it costs something at each call. Inputs that are not all there, or not all
        float64 arrays or numbers of their shapes, go through ``made_to_fit(others, *inputs)`` first, where
        others are those of other names.
        """
        conditions = ["not __others"]
        for name, shape in self.shapes.items():
            if shape is None:
                conditions.append(f"{name} is not __missing")
            elif shape == () and name not in self.varying:
                conditions.append(f"{name}.__class__ is __number")
            else:
                dtype = "__places" if name in self.varying else "__float64"
                conditions.append(f"{name}.__class__ is __array and {name}.dtype is {dtype}")
                conditions.append(f"{name}.shape == {shape}")
        names = ", ".join(self.shapes)
        taken = ", ".join(["*", *(f"{name}=__missing" for name in self.shapes)] if self.shapes else [])
        space: dict[str, Any] = {"__run": run, "__fit": made_to_fit, "__missing": MISSING}
        space |= {"__number": np.float64, "__array": np.ndarray}
        space |= {"__float64": FLOAT64, "__places": np.dtype(np.intp)}
        fits, others = " and ".join(conditions), f"__others{names and ', '}{names}"
        text = (
            f"lambda {taken}{taken and ', '}**__others: __run({names}) if {fits} else __run(*__fit({others}))"
        )
        return eval(text, space)
