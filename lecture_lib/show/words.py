"""Pictures in words: for screen readers, terminals, and for comparing two runs."""

from collections.abc import Sequence

from lecture_lib.autodiff.record import Record
from lecture_lib.common import counted, listed

from .formula import caption, forward_formula
from .graph_layers import Layer
from .known import is_plain_number, known_after, names_of, node_words


def graph_words(
    record: Record, step: int | None = None, *, decimals: int = 2, layers: Sequence[Layer] = ()
) -> str:
    """What a drawn graph shows, a line for each node in the order of computation.

    The operations of closed layers are told as well: they are not seen, but computed.

    Values that are not known yet, and gradients that have not come back yet, are said to be not computed.
    """
    known = known_after(record, step)
    names = names_of(record.nodes)
    root = names[record.root]
    edges = sum(len(node.parents) for node in record.nodes)
    kind = "Values and gradients." if record.has_gradients else "Values; gradients not computed."
    size = f"{counted(len(record.nodes), 'node')}, {counted(edges, 'edge')}"
    lines = [f"Computation graph of {root}: {size}. {kind}"]
    if step is not None:
        lines.append(caption(record, step, decimals=decimals))
    for layer in layers:
        inside = listed([names[node] for node in layer.nodes])
        closed = f" (closed, {layer.operations})" if layer.closed else ""
        lines.append(f"{layer.title}{closed}: {inside}.")
    for node in record.nodes:
        value, gradient, contributions = node_words(record, known, node, decimals)
        if node.primitive is None:
            line = f"constant {value}" if is_plain_number(node) else f"{names[node]} ({node.role}) = {value}"
        else:
            line = f"{names[node]} = {forward_formula(node, names)} = {value}"
        if record.has_gradients and not is_plain_number(node):
            line += f"; ∂{root}/∂{names[node]} = {gradient}"
            handed = [
                f"{words} to {names[node.parents[k]]}"
                for k, words in contributions.items()
                if not is_plain_number(node.parents[k])
            ]
            if handed:
                line += "; hands back " + ", ".join(handed)
        lines.append(line)
    return "\n".join(lines)
