"""The forward and the backward pass as a table: one row for each node, in the order of computation."""

from html import escape

from lecture_lib.autodiff.record import Record
from lecture_lib.common import Html, Table

from .formula import forward_formula, gradient_name
from .known import NOT_COMPUTED, known_after, names_of, node_words


def table(record: Record, step: int | None = None, *, decimals: int = 2) -> Table:
    """Show both passes as a table: name, formula, value, gradient, and what goes back to each operand.

    Read it downwards for the forward pass and upwards for the backward pass.

    Parameters
    ----------
    record : Record
        From `forward` or `backward`. Without a backward pass there is no column for gradients.
    step : int, optional
        Show the state after so many of ``record.steps``; None for everything.
    decimals : int
        Decimals of every number.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If the record has no such step.

    Examples
    --------
    >>> import lecture_lib as ll
    >>> x, w = ll.data(2.0, "x"), ll.parameter(0.5, "w")
    >>> print(table(ll.backward((w * x).named("c"))).words)
    Forward pass (read down) and backward pass (read up) of c
    name  formula    value  gradient ∂c/∂name  hands back
    w     parameter  0.50   2.00
    x     data       2.00   0.50
    c     w × x      1.00   1.00               2.00 to w, 0.50 to x
    """
    known = known_after(record, step)
    names = names_of(record.nodes)
    root = names[record.root]
    title = f"Forward pass (read down) and backward pass (read up) of {root}"
    if not record.has_gradients:
        title = f"Forward pass of {root}; the backward pass is not computed"
    head = ["name", "formula", "value", f"gradient {gradient_name(root, 'name')}", "hands back"]
    rows: list[list[str]] = []
    for node in record.nodes:
        leaf = node.primitive is None
        value, gradient, contributions = node_words(record, known, node, decimals)
        handed = [f"{words} to {names[node.parents[k]]}" for k, words in contributions.items()]
        back = ", ".join(handed) or ("" if leaf else NOT_COMPUTED)
        rows.append([names[node], node.role if leaf else forward_formula(node, names), value, gradient, back])
    if not record.has_gradients:
        head, rows = head[:3], [row[:3] for row in rows]
    return Table(title, head, [[row[0], *map(_in_lines, row[1:])] for row in rows])


def _in_lines(cell: str) -> str:
    """A matrix goes on in a new line after each of its rows."""
    return Html(escape(cell).replace("], [", "],<br>["), cell)
