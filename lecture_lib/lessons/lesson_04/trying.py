"""A rule of one's own beside what moving the operands says; the lecture's gradients by one's own rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from lecture_lib.autodiff import Node, numeric_gradient
from lecture_lib.autodiff import backward as true_backward
from lecture_lib.autodiff.values import as_numbers
from lecture_lib.common import Displayable, Table, Text, number
from lecture_lib.learning import duck_goose, sentence_graph
from lecture_lib.show import value_words

from .watching import Backward, watch


def try_rule(
    rule: Callable[..., Any],
    operation: Callable[..., Any],
    d_out: ArrayLike,
    *,
    by_result: bool = False,
    **operands: ArrayLike,
) -> Displayable:
    """Put what a rule hands back beside what moving each entry of an operand a little says.

    Parameters
    ----------
    rule : callable
        (d_out, *operands) -> what goes back: an array, or a tuple with one for each operand.
    operation : callable
        The operands -> the operation's result.
    d_out : number or array
        What has come back to the result, of its shape.
    by_result : bool
        Whether the rule takes the result in place of the operand, as that of softmax does.
    **operands : number or array
        The operands by name.

    Returns
    -------
    Table
        Or a Text, if the rule is not written yet or cannot be used.

    Examples
    --------
    >>> print(try_rule(lambda d_out, a: 2 * a * d_out, np.square, [1.0, 10.0], a=[3.0, -2.0]).words)
         handed back     by moving it    largest difference
    d_a  [6.00, −40.00]  [6.00, −40.00]  0.0000
    """
    arrays = {name: np.array(value, dtype=np.float64) for name, value in operands.items()}
    back = np.array(d_out, dtype=np.float64)
    try:
        taken = (
            [np.asarray(operation(*arrays.values()))] if by_result else [a.copy() for a in arrays.values()]
        )
        given = rule(back.copy(), *taken)
    except NotImplementedError:
        given = None
    except Exception as error:
        return _said(f"The rule stopped: {type(error).__name__}: {error}")
    if given is None or given is Ellipsis:
        return _said("not attempted: write the rule in the cell above, run it, then run this one again.")
    handed = cast("Sequence[Any]", given) if isinstance(given, (tuple, list)) else (given,)
    if len(handed) != len(arrays):
        gave = "one thing" if len(handed) == 1 else f"{len(handed)} things"
        return _said(f"The rule gave {gave}; one for each of {', '.join(arrays)} was expected.")
    rows: list[list[str]] = []
    for place, (name, array) in enumerate(arrays.items()):
        moved = _by_moving(operation, back, list(arrays.values()), place)
        rows.append([f"d_{name}", *_beside(handed[place], moved, array.shape)])
    return Table("", ["", "handed back", "by moving it", "largest difference"], rows)


def _by_moving(operation: Callable[..., Any], d_out: Any, operands: list[Any], place: int) -> Any:
    def weighted(moved: Any) -> float:
        return float((d_out * operation(*operands[:place], moved, *operands[place + 1 :])).sum())

    return numeric_gradient(weighted, operands[place])


def _beside(handed: Any, moved: Any, shape: tuple[int, ...]) -> list[str]:
    try:
        array = np.asarray(as_numbers(handed, ""))
    except TypeError:
        return [str(handed)[:60], value_words(moved, 2), "it is no array of numbers"]
    if array.shape != shape:
        return [value_words(array, 2), value_words(moved, 2), f"its shape is {array.shape}, not {shape}"]
    largest = float(np.max(np.abs(array - moved), initial=0.0))
    return [value_words(array, 2), value_words(moved, 2), number(round(largest, 4), 4)]


def _said(words: str) -> Text:
    return Text(f"<p>{escape(words)}</p>", words)


SLIDES_NAMES = ("d_p", "d_o", "d_U", "d_h", "d_z", "d_b", "d_W", "d_h0", "d_E")


def lecture_gradients(backward: Backward, loss: Node) -> Displayable:
    """Put every gradient of duck, duck, goose, by a `backward` of one's own, beside the lecture's.

    Parameters
    ----------
    backward : callable
        root -> dict from node to gradient.
    loss : Node
        The loss of a graph whose nodes are named p, o, U, h, z, b, W, h0, E.

    Returns
    -------
    Table
        A row for each gradient; or a Text, if something that it needs is not written yet.
    """
    done = watch(backward, loss)
    if done.waits:
        return _said(f"not attempted: {done.waits}")
    if done.error:
        return _said(f"It stopped: {done.error}")
    true = true_backward(sentence_graph(duck_goose())["loss"])
    rows: list[list[str]] = []
    for name in SLIDES_NAMES:
        wanted = true[name.removeprefix("d_")]
        found = next((d for node, d in done.gradients.items() if node.name == name.removeprefix("d_")), None)
        if found is None:
            rows.append([name, "none", value_words(wanted, 4), "missing"])
            continue
        same = found.shape == wanted.shape and bool(np.allclose(found, wanted, atol=1e-9))
        rows.append(
            [name, value_words(found, 4), value_words(wanted, 4), "✓ the same" if same else "✗ different"]
        )
    return Table(
        "Every gradient of duck, duck, goose", ["gradient", "yours", "the lecture's", "verdict"], rows
    )
