"""What stands on a node for attributes of PyTorch's and NumPy's: an error that says what one writes here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from .nodes import Node

AS_ELSEWHERE = {
    "backward": "record = ll.backward({node})",
    "grad": "ll.backward(loss)[{node}]",
    **dict.fromkeys(("data", "item", "numpy", "detach", "tolist", "copy", "astype"), "{node}.value"),
    **{name: f"ll.{name}({{node}})" for name in ("exp", "log", "relu", "softmax", "tanh", "sigmoid", "sqrt")},
}
"""The attribute's name -> what one writes here."""


class Elsewhere:
    """Stands on a node for such an attribute; `__getattr__` would slow down every attribute."""

    def __init__(self, name: str, way: str) -> None:
        self.name, self.way = name, way

    def __get__(self, node: Node | None, _: Any = None) -> NoReturn:
        way = self.way.format(node="node" if node is None else node.name or "node")
        raise AttributeError(f"a node has no {self.name}: write {way}")
