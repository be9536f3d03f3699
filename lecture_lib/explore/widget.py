"""The one widget of this library: it carries a specification to the browser, and messages to and fro.

It is made when something is shown, never at import, and has no idea of pictures or questions.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["LiveWidget", "live"]

HERE = Path(__file__).parent


class LiveWidget(anywidget.AnyWidget):
    """A specification for the browser, and what has been revealed since (questions only)."""

    _esm = HERE / "explorer.js"
    _css = HERE / "explorer.css"
    spec = traitlets.Dict().tag(sync=True)
    revealed = traitlets.Dict().tag(sync=True)


def live(
    spec: Mapping[str, Any],
    answer: Callable[[Mapping[str, Any]], Mapping[str, Any] | None],
    revealed: Callable[[], Mapping[str, Any]] | None = None,
) -> LiveWidget:
    """Make a widget whose messages are answered by a function.

    Parameters
    ----------
    spec : mapping
        what explorer.js builds from
    answer : function
        message -> message to send back, or None
    revealed : function, optional
        what the browser may know by now; sent again after each message
    """
    widget = LiveWidget(spec=dict(spec), revealed=dict(revealed() if revealed else {}))

    def receive(_widget: object, message: Any, _buffers: object) -> None:
        reply = answer(message)
        if revealed is not None:
            widget.revealed = dict(revealed())
        if reply is not None:
            widget.send(reply)

    widget.on_msg(receive)
    return widget
