"""The calls written down as a program that runs: into buffers that are made once, views that are taken once.

At each call of the program nothing is left but NumPy's own work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from .calls import Call, Traced, one_number
from .writing import LONGEST_WITHIN, NAME, OPERATORS, Names, Source, needed, written_out

# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

OUT_BY_NAME = (np.maximum, np.minimum)  # which do not take it by its place


@dataclass(eq=False)
class Line:
    """One line of the program.

    Attributes
    ----------
    call : Call
        What it computes.
    text : str
        With its operands' names; ``{out}`` stands for its own.
    where : {"call", "once", "within"}
        Whether it is computed at each call, a view of a buffer that is made once, or a view of an input
        that stands where it is used.
    buffer : (shape, name of the dtype) or None
        The array that it is written into.
    into : str
        Of a number, the text that writes it into an array of its own: NumPy combines such a one with others
        sooner.
    takes_arrays : bool
        Whether its operands may be such arrays instead of numbers.
    """

    call: Call
    text: str
    where: Literal["call", "once", "within"] = "call"
    buffer: tuple[tuple[int, ...], str] | None = None
    into: str = ""
    takes_arrays: bool = False


class BufferedSource(Source):
    """Writes the calls as lines into buffers."""

    def __init__(self, names: Names) -> None:
        super().__init__(names)
        self.lines: dict[int, Line] = {}
        self.functions: dict[str, str] = {}
        self.numbers_made: list[tuple[str, str]] = []

    def line(self, call: Call) -> Line:
        """Return the line of a call, and let its name be known."""
        line = self._line(call)
        self.lines[id(call)] = line
        self.texts[id(call)] = (line.text if line.where == "within" else self.name_of(call)), NAME
        return line

    def _line(self, call: Call) -> Line:
        operands, value = call.operands, call.value
        buffer = (value.shape, value.dtype.name) if isinstance(value, np.ndarray) and value.ndim else None
        written = [
            self.places(operand) if call.kind in ("take", "count") else self.written(operand)
            for operand in operands
            if not isinstance(operand, tuple | slice)
        ]
        match call.kind:
            case "ufunc":
                arguments, function = written, self.function(call.function)
                if value.dtype in (np.float64, np.bool_):
                    arguments = list(map(self.as_array, operands, written))
                out = "out={out}" if call.function in OUT_BY_NAME else "{out}"
                writes = f"{function}({', '.join(arguments)}, {out})"
                if buffer is not None:
                    return Line(call, writes, buffer=buffer, takes_arrays=True)
                has_operator = call.function.__name__ in OPERATORS or call.function is np.negative
                into = writes if value.dtype == np.float64 and not has_operator else ""
                return Line(call, self.number_text_of(call.function, written), into=into)
            case "dot":
                text = f"{written[0]}.dot({written[1]}"
                if buffer is not None:
                    return Line(call, text + ", {out})", buffer=buffer)
                is_float = value.dtype == np.float64
                return Line(call, text + ")", into=text + ", {out})" if is_float else "")
            case "weighted sum":
                y, q, vecdot, where = *written, self.function(np.vecdot), self.function(np.where)
                again = f"{{out}} = {vecdot}({y}, {where}({y}, {q}, 0.0))"
                return Line(call, f"{self.function(np.vdot)}({y}, {q})\nif {{out}} != {{out}}: {again}")
            case "reduce":
                return self.reduce_line(call, written[0], value, buffer)
            case "take":
                mode = ', "clip"' if call.function == "clip" else ""
                text = f"{written[0]}.take({written[1]}, {call.options['axis']}, {{out}}{mode})"
                return Line(call, text, buffer=buffer)
            case "count":
                shape = call.options["shape"]
                text = f"{self.function(np.bincount)}({written[0]}, {written[1]}, {value.size})"
                return Line(call, f"{text}.reshape({', '.join(map(str, shape))})" if len(shape) > 1 else text)
            case "at":
                start, index, a = operands
                where = self.tuple_text(index) if isinstance(index, tuple) else self.part_of_index(index)
                text = f"{{out}}[...] = {self.written(start)}\n"
                text += f"{self.function(call.function)}.at({{out}}, {where}, {self.written(a)})"
                return Line(call, text, buffer=buffer)
            case "copy" | "own copy":
                return Line(call, f"{{out}}[...] = {written[0]}", buffer=(value.shape, value.dtype.name))
            case "dense":
                return Line(call, f"np.asarray({written[0]})")
            case "same":
                used = self.lines.get(id(operands[0].call))
                once = used is not None and (used.buffer is not None or used.where == "once")
                return Line(call, written[0], "once" if once else "call")
            case "view" | "index":
                return self.view_line(call)
            case _:
                return Line(call, super().text(call)[0])

    def number_text_of(self, ufunc: np.ufunc, written: list[str]) -> str:
        """Return a ufunc of numbers, as an operator if Python has one."""
        if ufunc.__name__ in OPERATORS:
            return f" {OPERATORS[ufunc.__name__][0]} ".join(written)
        return f"-{written[0]}" if ufunc is np.negative else f"{self.function(ufunc)}({', '.join(written)})"

    def reduce_line(self, call: Call, a: str, value: Any, buffer: Any) -> Line:
        """Return the line of `ufunc.reduce`."""
        axis, keepdims = call.options["axis"], call.options["keepdims"]
        reduce = f"{self.function(call.function)}.reduce({a}"
        if call.operands[0].ndim == 1 and not buffer:
            is_float = value.dtype == np.float64
            return Line(call, reduce + ")", into=reduce + ", 0, None, {out})" if is_float else "")
        told = f", axis={axis}" + (", keepdims=True" if keepdims else "")
        return Line(call, f"{reduce}{told}, out={{out}})" if buffer else f"{reduce}{told})", buffer=buffer)

    def view_line(self, call: Call) -> Line:
        """Return the line of a view: of a buffer it is taken once, of an input it stands where it is used."""
        text = super().text(call)[0]
        if call.fresh:
            return Line(call, text)
        uses = [self.lines.get(id(use)) for use in call.uses()]
        if all(used is not None and (used.buffer or used.where == "once") for used in uses):
            return Line(call, text, "once")
        within = len(text) <= LONGEST_WITHIN and all(used is None or used.where == "within" for used in uses)
        return Line(call, text, "within" if within else "call")

    def written(self, operand: Any, at_least: int = 0, *, as_float: bool = True) -> str:
        """Return an operand as it stands in the source: arrays by a name."""
        if isinstance(operand, np.ndarray):
            name, number = "constant", one_number(operand)
            if operand.ndim and number is not None and 0 <= number <= 1:
                stem = {0.0: "zeros", 1.0: "ones"}.get(number, "shares")
                name = f"{stem}_{'x'.join(map(str, operand.shape))}"
            return self.names.constant(name, operand)
        return super().written(operand, at_least, as_float=True)

    def places_text(self, places: Any) -> str:
        """Return the name of an array of places."""
        array = np.asarray(places)
        return self.names.constant("places", array if array.size else array.astype(np.intp))

    def places(self, operand: Any) -> str:
        """Return places that vary by their name, fixed ones by that of their array."""
        return self.written(operand) if isinstance(operand, Traced) else self.places_text(operand)

    def as_array(self, operand: Any, text: str) -> str:
        """Return a number that is combined with an array as an array of its own: NumPy takes it as it is."""
        if type(operand) not in (int, float, np.float64):
            return text
        key = "number", repr(float(operand))  # 0.0 and −0.0 are two
        if key not in self.names.constant_names:
            name = f"c{float(operand):g}".replace(".", "_").replace("-", "m").replace("+", "")
            self.names.constant_names[key] = self.names.unused(name)
            number = super().written(float(operand))
            self.numbers_made.append((self.names.constant_names[key], f"np.array({number})"))
        return self.names.constant_names[key]

    def function(self, function: Any) -> str:
        """Return the name under which the source finds a function of NumPy's."""
        name = function.__name__
        if getattr(np, name, None) is not function:
            return self.names.constant(name, function)
        if name not in self.functions:
            self.functions[name] = self.names.unused(name)
        return self.functions[name]


def buffered_source(
    inputs: Iterable[str], names: Names, calls: list[Call], loss: Any, outputs: Mapping[str, Any]
) -> str:
    """Return a program that writes into buffers: what is made once, then the function."""
    results = [loss, *outputs.values()]
    source = BufferedSource(names)
    lines = [source.line(call) for call in needed(results, calls)]
    _keep_numbers_in_arrays(lines, results)
    made, views, body = _sorted_out(lines)
    returned = ", ".join(f'"{name}": {source.written(d)}' for name, d in outputs.items())
    end = f"    return {source.written(loss)}, {{{returned}}}"
    buffers = [
        f"{same[0]} = {empty}"
        if len(same) == 1
        else f"{', '.join(same)} = ({empty} for _ in range({len(same)}))"
        for empty, same in made.items()
    ]
    used = set(re.findall(r"\w+", "\n".join([*body, *views, end])))
    functions = [
        name if name == called else f"{name} as {called}"
        for name, called in sorted(source.functions.items())
        if called in used
    ]
    short = [f"from numpy import {', '.join(functions)}"] if functions else []
    short += [f"{name} = {number}" for name, number in source.numbers_made if name in used]
    once = [*short, *fixed_arrays(names, used), *buffers, *views]
    head = f"def loss_and_gradients({', '.join(inputs)}):"
    if once:
        once = [
            "# Made once: short names, fixed arrays, arrays to write into, other views of them.",
            *once,
            "",
        ]
    return "\n".join([*once, head, *body, end])


def _keep_numbers_in_arrays(lines: list[Line], results: list[Any]) -> None:
    """Let a number be written into an array of its own, if nothing needs it as a number."""
    needed_as_numbers = {id(use) for line in lines if not line.takes_arrays for use in line.call.uses()}
    needed_as_numbers.update(id(result.call) for result in results if isinstance(result, Traced))
    for line in lines:
        if line.into and id(line.call) not in needed_as_numbers:
            line.text, line.buffer = line.into, ((), "float64")


def _sorted_out(lines: list[Line]) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """Return the buffers to be made, each text with its names; views of them; and what each call computes."""
    made: dict[str, list[str]] = {}
    views: list[str] = []
    body: list[str] = []
    visible = {line.call.name for line in lines if line.where != "within"}
    backward = False
    for line in lines:
        if line.where == "within":
            continue
        if line.call.backward and not backward:
            backward = True
            body.append("")
        name, text = line.call.name, line.text
        said = line.call.comment and visible.issuperset(line.call.mentions)
        comment = f"  # {line.call.comment}" if said else ""
        if line.buffer:
            shape, dtype = line.buffer
            kind = "" if dtype == "float64" else f", dtype={dtype!r}"
            made.setdefault(f"np.empty({shape}{kind})", []).append(name)
        elif line.where == "once":
            views.append(f"{name} = {text}{comment}")
            continue
        else:
            text = f"{name} = {text}"
        body += [f"    {part}" for part in (text.replace("{out}", name) + comment).split("\n")]
    return made, views, body


def fixed_arrays(names: Names, used: set[str]) -> list[str]:
    """Return the lines that make the small fixed arrays; what remains has to be given to the source."""
    lines: list[str] = []
    for name, value in list(names.constants.items()):
        text = written_out(value) if name in used else ""
        if text is not None:
            del names.constants[name]
        if text:
            lines.append(f"{name} = {text}")
    return lines
