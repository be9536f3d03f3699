"""The widgets of this library: each carries a specification to the browser, and messages to and fro.

It is made when something is shown, never at import, and has no idea of pictures or questions.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["ExplorerWidget", "LiveWidget", "QuestionsWidget", "live"]

HERE = Path(__file__).parent
GREETING = {"want": "greeting"}
"""What the browser asks, to know that Python is there."""


def _module(name: str) -> str:
    """One ES module of what all widgets share and what is one's own."""
    return "\n".join((HERE / part).read_text(encoding="utf-8") for part in ("shared.js", name))


class LiveWidget(anywidget.AnyWidget):
    """A specification for the browser."""

    _css = HERE / "explorer.css"
    spec = traitlets.Dict().tag(sync=True)


class ExplorerWidget(LiveWidget):
    """Controls around a picture."""

    _esm = _module("explorer.js")


class QuestionsWidget(LiveWidget):
    """Questions, and what has been revealed since."""

    _esm = _module("questions.js")
    revealed = traitlets.Dict().tag(sync=True)


def live(
    kind: type[LiveWidget],
    spec: Mapping[str, Any],
    answer: Callable[[Mapping[str, Any]], Mapping[str, Any] | None],
    revealed: Callable[[], Mapping[str, Any]] | None = None,
) -> LiveWidget:
    """Make a widget whose messages are answered by a function.

    Parameters
    ----------
    kind : class
        ExplorerWidget or QuestionsWidget
    spec : mapping
        what its JavaScript builds from
    answer : function
        message -> message to send back, or None
    revealed : function, optional
        what the browser may know by now; sent again after each message
    """
    widget = kind(spec=dict(spec), **({"revealed": dict(revealed())} if revealed else {}))

    def receive(_widget: object, message: Any, _buffers: object) -> None:
        if message == GREETING:
            widget.send({"greeting": True})
            return
        reply = answer(message)
        if revealed is not None:
            widget.set_trait("revealed", dict(revealed()))
        if reply is not None:
            widget.send(reply)

    widget.on_msg(receive)
    return widget
