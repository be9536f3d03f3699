"""What a step computes, written as on the slide: with names, and with the real numbers.

The formulas are the primitives' own templates; nothing is typed a second time here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import TypeVar

import numpy as np

from lecture_lib.autodiff.nodes import Node
from lecture_lib.autodiff.primitives import written_setting
from lecture_lib.autodiff.record import Record
from lecture_lib.autodiff.values import Array
from lecture_lib.common import listed, number

from .known import is_plain_number, names_of, require_step
from .typeset import is_written_out, value_words

T = TypeVar("T")
Piece = str | Array
"""A sign, or a value."""

_FUNCTION = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*\(")
_WORD = re.compile(r"[a-z]{4,}")
_COUNTED = re.compile(r"\bn\b")


@dataclass(frozen=True, eq=False)
class Equation:
    """left = symbols = numbers = value, for example c = w × x = 0.50 × 2.00 = 1.00."""

    left: str
    symbols: str
    numbers: tuple[Piece, ...]
    """Signs and values by turns; empty where it would only repeat the value."""
    value: Array
    note: str = ""
    backward: bool = False

    def words(self, decimals: int = 2) -> str:
        """The equation on one line."""
        sides = [self.left, self.symbols]
        if self.numbers:
            sides.append("".join(p if isinstance(p, str) else value_words(p, decimals) for p in self.numbers))
        sides.append(value_words(self.value, decimals))
        line = " = ".join(side for side in sides if side).replace(": = ", ": ", 1)
        return f"{line} ({self.note})" if self.note else line


def gradient_name(root: str, node: str) -> str:
    """How a gradient is written: the loss is ℓ, as on the slides.

    >>> gradient_name("loss", "w"), gradient_name("z", "x")
    ('∂ℓ/∂w', '∂z/∂x')
    """
    root, node = ("ℓ" if name == "loss" else name for name in (root, node))
    return f"∂{root}/∂{node}"


def forward_formula(node: Node, names: Mapping[Node, str]) -> str:
    """An operation with the names of its operands, for example w × x; of an input its own name.

    >>> import lecture_lib as ll
    >>> c = ll.parameter(0.5, "w") * ll.data(2.0, "x")
    >>> forward_formula(c, names_of(ll.forward(c).nodes))
    'w × x'
    """
    primitive = node.primitive
    if primitive is None:
        return names[node]
    return _fill(primitive.formula, _operands(node, (names[p] for p in node.parents)), node)


def caption(record: Record, step: int, *, decimals: int = 2) -> str:
    """Which step this is and what it does, in a sentence.

    Raises ValueError if the record has no such step.

    >>> import lecture_lib as ll
    >>> c = (ll.parameter(0.5, "w") * ll.data(2.0, "x")).named("c")
    >>> for step in range(4):
    ...     print(caption(ll.backward(c), step))
    Before step 1 of 3: only the inputs are known, w and x.
    Step 1 of 3, forward: c = w × x is computed.
    Step 2 of 3, backward: the start. ∂c/∂c = 1.00.
    Step 3 of 3, backward: through c = w × x, a contribution to w and one to x.
    """
    require_step(record, step)
    names = names_of(record.nodes)
    total = len(record.steps)
    if step == 0:
        inputs = [names[node] for node in record.nodes if node.primitive is None and node.role != "constant"]
        known = f", {listed(inputs)}" if inputs else ""
        if not total:
            return f"No steps: nothing is computed{known}."
        return f"Before step 1 of {total}: only the inputs are known{known}."
    kind, node = record.steps[step - 1]
    start = f"Step {step} of {total}, {'forward' if kind == 'forward' else 'backward'}:"
    if kind == "forward":
        return f"{start} {names[node]} = {forward_formula(node, names)} is computed."
    if kind == "seed":
        gradient = gradient_name(names[node], names[node])
        return f"{start} the start. {gradient} = {number(1.0, decimals)}."
    if node.primitive is None:
        return f"{start} {names[node]} has nothing to hand on."
    through = f"{start} through {names[node]} = {forward_formula(node, names)}"
    receivers = [names[parent] for parent in node.parents if not is_plain_number(parent)]
    if not receivers:
        return f"{through}, to constants alone: nothing goes on."
    if len(receivers) == 2 and receivers[0] == receivers[1]:
        return f"{through}, two contributions to {receivers[0]}, one for each operand."
    return f"{through}, a contribution " + " and one ".join(f"to {name}" for name in receivers) + "."


def equations(record: Record, step: int) -> tuple[Equation, ...]:
    """What a step computes, as equations: one forward; backward, one for each operand, and the sums.

    Before the first step there is nothing to compute.

    >>> import lecture_lib as ll
    >>> x = ll.parameter(3.0, "x")
    >>> record = ll.backward((x * x).named("c"))
    >>> for equation in equations(record, 3):
    ...     print(equation.words())
    to ∂c/∂x: ∂c/∂c × x = 1.00 × 3.00 = 3.00 (contribution 1 of 2)
    to ∂c/∂x: ∂c/∂c × x = 1.00 × 3.00 = 3.00 (contribution 2 of 2)
    ∂c/∂x = 3.00 + 3.00 = 6.00 (the sum of all contributions)
    """
    if step == 0:
        return ()
    names = names_of(record.nodes)
    kind, node = record.steps[step - 1]
    if kind == "seed":
        start = gradient_name(names[node], names[node])
        return (Equation(start, "", (), record.gradient(node), backward=True),)
    if node.primitive is None:
        raise ValueError("an input has no steps")
    if kind == "forward":
        numbers = _numbers(node.primitive.formula, _operands(node, (p.value for p in node.parents)), node)
        return (Equation(names[node], forward_formula(node, names), numbers, node.value),)
    done = Counter(p for way, one in record.steps[: step - 1] if way == "backward" for p in one.parents)
    result: list[Equation] = []
    for position, parent in enumerate(node.parents):
        done[parent] += 1
        if not is_plain_number(parent):  # nobody asks for the gradient of a number
            result.append(_contribution(record, node, position, names, done[parent]))
    for parent in dict.fromkeys(node.parents):
        uses = len(record.contributions(parent))
        if uses > 1 and done[parent] == uses and not is_plain_number(parent):
            result.append(_sum_of_contributions(record, parent, names))
    return tuple(result)


def _contribution(
    record: Record, node: Node, position: int, names: Mapping[Node, str], place: int
) -> Equation:
    """What a step back hands to an operand; it is the contribution number `place` that the operand gets."""
    primitive, parent = node.primitive, node.parents[position]
    assert primitive is not None
    template = primitive.vjp_formulas[position]
    came_back, result = f"d_{primitive.result}", primitive.result
    root = names[record.root]
    written = {came_back: gradient_name(root, names[node]), result: names[node]}
    values = {came_back: record.gradient(node), result: node.value}
    symbols = _fill(template, written | _operands(node, (names[p] for p in node.parents)), node)
    numbers = _numbers(template, values | _operands(node, (p.value for p in node.parents)), node)
    left = gradient_name(root, names[parent])
    notes: list[str] = []
    uses = len(record.contributions(parent))
    if uses > 1:
        left = f"to {left}:"
        notes.append(f"contribution {place} of {uses}")
    if not numbers and _COUNTED.search(template):
        notes.append(f"n = {_count(node)}")
    value = record.contribution(node, position)
    broadcasts = "(...)" in primitive.shapes and len(node.parents) > 1
    if broadcasts and np.size(value) < np.size(node.value):
        # broadcasting used one entry several times: what comes back from all of them is added
        notes.append("added up over the entries that used it")
        if not numbers and is_written_out(values[came_back]):
            numbers = (values[came_back],)
        opened, closed = ("Σ (", ")") if " " in symbols else ("Σ ", "")
        symbols = f"{opened}{symbols}{closed}"
        numbers = (opened, *numbers, closed) if numbers else ()
    return Equation(left, symbols, numbers, value, "; ".join(notes), backward=True)


def _sum_of_contributions(record: Record, node: Node, names: Mapping[Node, str]) -> Equation:
    """The gradient of a node that is used several times."""
    first, *others = (contribution.value for contribution in record.contributions(node))
    terms: list[Piece] = [first]
    for value in others:
        terms += [" + ", value]
    left = gradient_name(names[record.root], names[node])
    note = "the sum of all contributions"
    return Equation(left, "", _parenthesised(terms), record.gradient(node), note, backward=True)


# --- templates ----------------------------------------------------------------------------------------


def _operands(node: Node, each: Iterable[T]) -> dict[str, T]:
    """By the names that a primitive's formulas give its operands: something of each."""
    return dict(zip(node.primitive.operands, each, strict=True)) if node.primitive else {}


def _fill(template: str, written: dict[str, str], node: Node) -> str:
    settings = {key: written_setting(value) for key, value in node.settings.items()}
    return template.format(**(settings | written))


def _numbers(template: str, values: dict[str, Array], node: Node) -> tuple[Piece, ...]:
    """The template with values in the places of names.

    Nothing if a value is too large to be written out, or if words would stand around arrays, where nobody
    could read them; a condition on each entry of a vector, such as [0.46] where [0.39] > 0, can be read.
    """
    pieces: list[Piece] = []
    for literal, field, _, _ in Formatter().parse(template):
        if literal:
            pieces.append(_COUNTED.sub(lambda _: str(_count(node)), literal))
        if field is None:
            continue
        if field in values:
            if not is_written_out(values[field]):
                return ()
            pieces.append(values[field])
        else:
            pieces.append(written_setting(node.settings[field]))
    if len(pieces) == 1 and not isinstance(pieces[0], str):
        return ()
    dimensions = max((np.ndim(piece) for piece in pieces if not isinstance(piece, str)), default=0)
    signs = " ".join(piece for piece in pieces if isinstance(piece, str))
    if dimensions > (1 if ">" in signs else 0) and _WORD.search(_FUNCTION.sub("(", signs)):
        return ()
    return _parenthesised(pieces)


def _count(node: Node) -> int:
    """How many entries of the operand go into one entry of the result."""
    return int(np.size(node.parents[0].value)) // max(1, int(np.size(node.value)))


def _parenthesised(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Negative numbers in brackets, except where they come first: 2.00 − (−0.20), (−0.20)²."""
    result: list[Piece] = []
    for i, piece in enumerate(pieces):
        if isinstance(piece, str) or np.ndim(piece) > 0 or float(piece) >= 0:
            result.append(piece)
            continue
        before = pieces[i - 1] if i else ""
        after = pieces[i + 1] if i + 1 < len(pieces) else ""
        opened = isinstance(before, str) and (before == "" or before.endswith(("(", "|")))
        raised = isinstance(after, str) and after[:1] in ("²", "³", "^")
        result += [piece] if opened and not raised else ["(", piece, ")"]
    return tuple(result)
