"""The calls written down as a program that one reads: lines, names, comments.

A value has a line of its own if it has a name, is used more than once, or is too long to stand within
another.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np

from lecture_lib.autodiff.nodes import ShapeError

from .calls import Call, Helper, Traced, one_number

# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

LONGEST_WITHIN = 60
"""How many letters of a line may be a value without a name."""

MOST_WRITTEN_OUT = 12
"""How many numbers of a fixed array stand in the source."""

# How tightly an expression holds together, from a name down to a comparison.
NAME, POWER, SIGN, PRODUCT, MATRIX_PRODUCT, SUM, COMPARISON = 7, 6, 5, 4, 3, 2, 1

OPERATORS = {
    "add": ("+", SUM), "subtract": ("-", SUM), "multiply": ("*", PRODUCT), "divide": ("/", PRODUCT),
    "matmul": ("@", MATRIX_PRODUCT), "power": ("**", POWER),
    "greater": (">", COMPARISON), "less": ("<", COMPARISON),
    "greater_equal": (">=", COMPARISON), "less_equal": ("<=", COMPARISON), "equal": ("==", COMPARISON),
    "not_equal": ("!=", COMPARISON),
}  # fmt: skip

RESERVED = frozenset({"np", "loss_and_gradients", *keyword.kwlist})
"""What no value of a program may be called."""

METHODS = {np.add: "sum", np.maximum: "max", np.minimum: "min", np.multiply: "prod"}
"""The reductions that arrays have as methods."""


class Names:
    """The names of a program, each given once; the values that it finds by name.

    A helper's names are its own, the values are those of the program around it.
    """

    def __init__(self, around: Names | None = None) -> None:
        self.around = around
        self.numbers: dict[str, int] = {}
        self.constants: dict[str, Any] = {}
        self.constant_names: dict[object, str] = {}
        self.kept: list[Any] = []
        self.taken = set(RESERVED)

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

    def of_input(self, name: str) -> str:
        """Return what an input is called: its name, which has to be one of Python's and free."""
        free = unicodedata.normalize("NFKC", name) not in self.taken
        if not free or not name.isidentifier() or name.startswith("__"):
            raise ValueError(f"program: {name!r} cannot name an input: it must be a name, used once")
        return self.unused(name)

    def constant(self, name: str, value: Any) -> str:
        """Return the name under which the source finds a value; equal arrays have one."""
        if self.around is not None:
            found = self.around.constant(name, value)
            self.taken.add(found)
            return found
        key: object = id(value)
        if isinstance(value, np.ndarray):
            key = value.dtype.str, value.shape, value.tobytes()
        if key not in self.constant_names:
            self.constant_names[key] = name = self.unused(name)
            self.constants[name] = _kept_as_it_is(value)
            self.kept.append(value)  # so that its id is not given to another
        return self.constant_names[key]


def needed(outputs: Iterable[Any], calls: Iterable[Call]) -> list[Call]:
    """Return the calls that the outputs need, in order."""
    waiting = [output.call for output in outputs if isinstance(output, Traced)]
    found: set[int] = set()
    while waiting:
        call = waiting.pop()
        if id(call) not in found:
            found.add(id(call))
            waiting.extend(call.uses())
    return [call for call in calls if id(call) in found]


def number_text(number: Any, *, as_float: bool = True) -> str:
    """Return a plain number as it stands in a source.

    Examples
    --------
    >>> number_text(2.0), number_text(2.0, as_float=False), number_text(-np.inf)
    ('2.0', '2', '(-np.inf)')
    """
    if not isinstance(number, float):
        return repr(number)
    number = float(number)
    whole = not as_float and number.is_integer() and abs(number) < 1e6 and repr(number) != "-0.0"
    text = str(int(number)) if whole else repr(number)
    if len(text) > 6 and 1e-6 < number < 1 and 1 / round(1 / number) == number:
        return f"(1 / {round(1 / number)})"
    sign, text = text[: text.startswith("-")], text.lstrip("-")
    text = f"np.{text}" if text in ("nan", "inf") else text
    return f"(-{text})" if sign else text


class Source:
    """Writes the calls as lines; made for one function."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.texts: dict[int, tuple[str, int]] = {}  # by a call's id: its text, and how tightly that holds
        self.helpers: dict[str, str] = {}  # a definition -> its name

    def body(self, calls: list[Call], outputs: list[Any]) -> list[str]:
        """Return the lines of a function's body, and let the outputs' texts be known."""
        counted = Counter(id(use) for call in calls for use in call.uses())
        counted.update(id(output.call) for output in outputs if isinstance(output, Traced))
        lines: list[str] = []
        backward = False
        visible: set[str] = set()
        for call in calls:
            if call.backward and not backward:
                backward = True
                lines.append("")
            text, tight = self.text(call)
            alone = call.named or counted[id(call)] > 1 or len(text) > LONGEST_WITHIN or "\n" in text
            if call.kind in ("same", "at") or alone:
                name = self.name_of(call)
                visible.add(name)
                self.texts[id(call)] = name, NAME
                said = call.comment and backward and call.kind != "same" and visible.issuperset(call.mentions)
                comment = f"  # {call.comment}" if said else ""
                lines += [
                    f"    {name} = {line}" if i == 0 else f"    {line.replace('{0}', name)}"
                    for i, line in enumerate((text + comment).split("\n"))
                ]
            else:
                self.texts[id(call)] = text, tight
        return lines

    def name_of(self, call: Call) -> str:
        """Return what a call is called, which gets a name now if it has none."""
        if call.name in ("", "parts"):
            call.name = self.names.unused(call.name or "t")
        return call.name

    def written(self, operand: Any, at_least: int = 0, *, as_float: bool = True) -> str:
        """Return an operand as it stands in the source, in brackets if it would fall apart there."""
        if isinstance(operand, Traced):
            operand = operand.call
        if isinstance(operand, Call):
            if operand.kind == "input":
                return operand.name
            text, tight = self.texts[id(operand)]
            return f"({text})" if tight < at_least else text
        if isinstance(operand, float | int | bool | np.bool_) or operand is None:
            return number_text(operand, as_float=as_float)
        if isinstance(operand, tuple):
            return self.tuple_text(operand)
        if isinstance(operand, slice):
            return "slice(None)" if operand == slice(None) else repr(operand)
        if operand is Ellipsis:
            return "..."
        if isinstance(operand, str):
            return repr(operand)
        if isinstance(operand, np.integer):
            return repr(int(operand))
        text = written_out(operand)
        return text if text is not None else self.names.constant("constant", operand)

    def text(self, call: Call) -> tuple[str, int]:
        """Return what a call is in the source, and how tightly it holds together."""
        operands = call.operands
        match call.kind:
            case "ufunc":
                return self.ufunc_text(call.function, operands)
            case "reduce" | "mean":
                method = "mean" if call.kind == "mean" else METHODS.get(call.function)
                a = self.written(operands[0], NAME)
                told = _axis_text(operands[0], call.options, None if method else 0)
                if method is not None:
                    return f"{a}.{method}({told})", NAME
                return f"np.{call.function.__name__}.reduce({a}{told and ', '}{told})", NAME
            case "outer" | "function":
                arguments = [self.written(operand) for operand in operands]
                arguments += [f"{key}={self.written(value)}" for key, value in call.options.items()]
                return f"{_name_in_numpy(call.function)}({', '.join(arguments)})", NAME
            case "index":
                return f"{self.written(operands[0], NAME)}[{self.index_text(operands[1])}]", NAME
            case "view":
                return self.view_text(operands[0], call.function, call.options["arguments"]), NAME
            case "at":
                return self.at_text(call), NAME
            case "copy":
                return f"np.broadcast_to({self.written(operands[0])}, {call.options['shape']})", NAME
            case "own copy":
                if isinstance(operands[0], Traced):
                    return f"{self.written(operands[0], NAME)}.copy()", NAME
                text = written_out(operands[0])
                return text or f"{self.written(operands[0])}.copy()", NAME
            case "number":
                return f"np.float64({self.written(operands[0])})", NAME
            case "primitive":
                return self.primitive_text(call), NAME
            case "part":
                return f"{self.written(operands[0])}[{call.function}]", NAME
            case "helper":
                return f"{self.helper(call.function)}({', '.join(map(self.written, operands))})", NAME
            case "same":
                return self.written(operands[0]), NAME
            case _:
                raise AssertionError(call.kind)

    def ufunc_text(self, ufunc: Any, operands: tuple[Any, ...]) -> tuple[str, int]:
        """Return a ufunc as an operator, if Python has one."""
        plain = all(not isinstance(a, Traced) or a.value.dtype == np.float64 for a in operands)
        if ufunc is np.negative:
            return f"-{self.written(operands[0], SIGN)}", SIGN
        if ufunc.__name__ in OPERATORS:
            sign, tight = OPERATORS[ufunc.__name__]
            # a − (b − c) and a / (b / c) need their brackets; a power is read from the right.
            left = self.written(operands[0], tight + (tight in (POWER, COMPARISON)), as_float=not plain)
            least = PRODUCT if tight == MATRIX_PRODUCT else tight
            right = self.written(operands[1], least + 1, as_float=not plain)
            return f"{left} {sign} {right}" if sign != "**" else f"{left}**{right}", tight
        arguments = [self.written(operand, as_float=not plain) for operand in operands]
        return f"{_name_in_numpy(ufunc)}({', '.join(arguments)})", NAME

    def at_text(self, call: Call) -> str:
        """Return the lines that add up in places of an array."""
        start, index, a = call.operands
        like = call.options["like"]
        if isinstance(start, Traced):
            made = f"{self.written(start, NAME)}.copy()"
        elif not start.any() and like is not None:
            made = f"np.zeros_like({self.written(like)})"
        else:
            made = written_out(start) or f"{self.names.constant('start', start)}.copy()"
        index = index if isinstance(index, tuple) and len(index) != 1 else self.written(index)
        where = self.tuple_text(index) if isinstance(index, tuple) else index
        return f"{made}\nnp.{call.function.__name__}.at({{0}}, {where}, {self.written(a)})"

    def view_text(self, a: Any, method: str, arguments: tuple[Any, ...]) -> str:
        """Return a view of an array: another axis is written as one."""
        text = self.written(a, NAME)
        if method == "T":
            return f"{text}.T"
        if method == "reshape" and a.ndim == 1 and arguments == (*a.shape, 1):
            return f"{text}[:, np.newaxis]"
        return f"{text}.{method}({', '.join(map(str, arguments)) or '()'})"

    def primitive_text(self, call: Call) -> str:
        """Return a call of a primitive's own function, which could not be traced."""
        options = call.options
        arguments = [
            # With a shape, which a number in the text has not.
            self.names.constant("number", np.float64(operand))
            if isinstance(operand, float)
            else self.written(operand)
            for operand in call.operands
        ]
        arguments += [f"{name}={self.setting_text(value)}" for name, value in options["settings"]]
        text = f"{self.names.constant(options['name'], call.function)}({', '.join(arguments)})"
        if options["varies"] and options["shape"] is not None:
            return f"{self.names.constant('of_shape', of_shape)}({text}, {options['shape']})"
        return text

    def setting_text(self, setting: Any) -> str:
        """Return a setting as a function is told it: an array as an array."""
        if isinstance(setting, tuple):
            parts = [self.setting_text(part) for part in cast("tuple[Any, ...]", setting)]
            return f"({', '.join(parts)},)"
        if isinstance(setting, np.ndarray | list):
            return self.names.constant("constant", setting)
        return self.written(setting)

    def helper(self, helper: Helper) -> str:
        """Return the name of a function that the program defines, and write it if it is new."""
        inner = Source(Names(self.names))
        inputs = [inner.names.unused(one.name) for one in helper.inputs]
        lines = inner.body(needed([helper.result], helper.calls), [helper.result])
        end = f"    return {inner.written(helper.result)}"
        definition = "\n".join([f"({', '.join(inputs)}):", *lines, end])
        if definition not in self.helpers:
            self.helpers[definition] = self.names.unused(helper.name)
        return self.helpers[definition]

    def index_text(self, index: Any) -> str:
        """Return an index as it stands between the brackets."""
        parts = cast("tuple[Any, ...]", index) if isinstance(index, tuple) else (index,)
        return ", ".join(map(self.part_of_index, parts)) or "()"

    def part_of_index(self, part: Any) -> str:
        """Return one axis of an index."""
        if isinstance(part, slice):
            ends = ["" if end is None else str(end) for end in (part.start, part.stop, part.step)]
            return ":".join(ends if part.step is not None else ends[:2])
        if part is None:
            return "np.newaxis"
        if isinstance(part, np.ndarray | list):
            return self.places_text(part)
        return self.written(part)

    def places_text(self, places: Any) -> str:
        """Return places or a mask as a list if it is short."""
        array = np.asarray(places)
        if array.size and array.size <= MOST_WRITTEN_OUT and array.dtype.kind in "iub":
            return str(array.tolist())
        array = array if array.size else array.astype(np.intp)
        return self.names.constant("mask" if array.dtype.kind == "b" else "places", array)

    def tuple_text(self, parts: tuple[Any, ...]) -> str:
        """Return a tuple as it stands in a call."""
        texts = [self.places_text(p) if isinstance(p, np.ndarray | list) else self.written(p) for p in parts]
        return f"({', '.join(texts)}{',' * (len(texts) == 1)})"


def plain_source(
    inputs: Iterable[str], names: Names, calls: list[Call], loss: Any, outputs: Mapping[str, Any]
) -> str:
    """Return a program of lines that are read: what it is given, helpers, then the function."""
    results = [loss, *outputs.values()]
    source = Source(names)
    body = source.body(needed(results, calls), results)
    returned = ", ".join(f'"{name}": {source.written(d)}' for name, d in outputs.items())
    end = f"    return {source.written(loss)}, {{{returned}}}"
    helpers = [f"def {name}{definition}\n\n" for definition, name in source.helpers.items()]
    used = f"# Besides np, this uses {', '.join(names.constants)} of the program p:"
    kept = [f'{used} exec(p.source, {{"np": np, **p.constants}})'] if names.constants else []
    return "\n".join([*kept, *helpers, f"def loss_and_gradients({', '.join(inputs)}):", *body, end])


def written_out(value: Any) -> str | None:
    """Return the text that makes a fixed array; None for what is no array, or too long to read."""
    if not isinstance(value, np.ndarray) or value.dtype not in (np.float64, np.intp) or not value.size:
        return None
    first = one_number(value)
    if first is not None and np.isfinite(first):
        size = value.shape[0] if value.ndim == 1 else value.shape
        if first in (0, 1) and not np.signbit(first):
            return f"np.{'ones' if first else 'zeros'}({size})"
        n = round(1 / first) if 1e-6 < first < 1 else 0
        return f"np.full({size}, {f'1 / {n}' if n and 1 / n == first else repr(first)})"
    small = value.size <= MOST_WRITTEN_OUT and np.isfinite(value).all()
    return f"np.array({value.tolist()})" if small else None


def _kept_as_it_is(value: Any) -> Any:
    """Return a constant in arrays of its own: the caller may write into an array of words later."""
    if isinstance(value, tuple):
        return tuple(map(_kept_as_it_is, cast("tuple[Any, ...]", value)))
    return value.copy() if isinstance(value, np.ndarray | list) else value


def _axis_text(a: Traced, options: Mapping[str, Any], default: int | None) -> str:
    axis, keepdims = options["axis"], options["keepdims"]
    axis = axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis
    parts = ["" if a.ndim < 2 or axis == default else f"axis={axis}", "keepdims=True" if keepdims else ""]
    return ", ".join(part for part in parts if part)


def _name_in_numpy(function: Any) -> str:
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"np.{owner.__name__}.{function.__name__}"
    return f"np.{function.__name__}"


def of_shape(result: Any, shape: tuple[int, ...]) -> Any:
    """Return what an operation made of a setting that varies, if it has the shape that is written for."""
    if result.shape != shape:
        raise ShapeError(
            f"program: of a setting that varies came the shape {result.shape}; it was written for {shape}. "
            "Write another program for other shapes"
        )
    return result
