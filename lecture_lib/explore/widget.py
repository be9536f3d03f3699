"""The widgets of this library: each carries a specification to the browser, and messages to and fro.

It is made when something is shown, never at import, and has no idea of pictures or questions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from .controls import Control, index_of

if TYPE_CHECKING:
    from .explorer import Explorer

HERE = Path(__file__).parent
GREETING = {"want": "greeting"}
"""What the browser asks, to know that Python is there."""


def _module(*names: str) -> str:
    """One ES module of what all widgets share and what is one's own."""
    return "\n".join((HERE / part).read_text(encoding="utf-8") for part in ("shared.js", *names))


class LiveWidget(anywidget.AnyWidget):
    """A specification for the browser."""

    _css = HERE / "explorer.css"
    spec = traitlets.Dict().tag(sync=True)


class ExplorerWidget(LiveWidget):
    """Controls around a picture."""

    _esm = _module("controls.js", "drawings.js", "explorer.js")


class ControlTrait(traitlets.TraitType[Any, Any]):
    """The chosen value of a control: what is set is one of its values, among numbers the nearest one."""

    def __init__(self, control: Control, value: Any) -> None:
        super().__init__(default_value=value, help=control.label)
        self._control = control

    def validate(self, obj: Any, value: Any) -> Any:
        """Give the value that stands for it, or say which there are."""
        try:
            return self._control.options[index_of(self._control, value)].value
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None


class QuestionsWidget(LiveWidget):
    """Questions, and what has been revealed since."""

    _esm = _module("questions.js")
    revealed = traitlets.Dict().tag(sync=True)


def live(
    kind: type[LiveWidget],
    spec: Mapping[str, Any],
    answer: Callable[[Mapping[str, Any]], Mapping[str, Any] | None],
    revealed: Callable[[], Mapping[str, Any]] | None = None,
    chosen: Callable[[], Mapping[str, Any]] | None = None,
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
    chosen : function, optional
        what to tell a browser that has just come
    """
    widget = kind(spec=dict(spec), **({"revealed": dict(revealed())} if revealed else {}))

    def receive(_widget: object, message: Any, _buffers: object) -> None:
        if message == GREETING:
            widget.send({"greeting": True} | (dict(chosen()) if chosen else {}))
            return
        reply = answer(message)
        if revealed is not None:
            widget.set_trait("revealed", dict(revealed()))
        if reply is not None:
            widget.send(reply)

    widget.on_msg(receive)
    return widget


def explorer_widget(explorer: Explorer) -> LiveWidget:
    """Make an explorer's widget: each control is a trait of it with its name and values, whoever moves it.

    One called as something that every widget has, such as ``open``, is ``open_`` here.
    """
    controls = explorer.controls
    names = [f"{c.name}_" if hasattr(ExplorerWidget, c.name) else c.name for c in controls]

    def value(index: int) -> Any:
        return controls[index].options[explorer.at[index]].value

    traits = {name: ControlTrait(controls[i], value(i)) for i, name in enumerate(names)}

    def answer_and_tell(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
        reply = explorer.answer(message)
        with widget.hold_trait_notifications():
            for i, name in enumerate(names):
                widget.set_trait(name, value(i))
        return reply

    def tell_the_browser(_change: Any) -> None:
        now = [index_of(c, getattr(widget, name)) for c, name in zip(controls, names, strict=True)]
        if now != explorer.at:
            explorer.at = now
            widget.send({"move": now})

    kind = type("ExplorerWidget", (ExplorerWidget,), traits)
    widget = live(kind, explorer.spec(), answer_and_tell, chosen=lambda: {"move": explorer.at})
    widget.observe(tell_the_browser, names=list(traits))
    return widget
