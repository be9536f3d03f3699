"""What is shown twice: still, for every place that a notebook is read in, and alive, where Python answers.

A notebook that was saved with a widget and is opened without the kernel that made it shows an error in the
widget's place, whatever else is in the same output: JupyterLab takes the widget's format first and has
nothing to fall back to. So there are two outputs. The still one comes first and is seen everywhere; the live
one comes in its place when Python has answered the browser, and shows nothing where nobody answers.
"""

import os
from abc import ABC, abstractmethod
from typing import Any

from lecture_lib.common import Shown

FOR_PAGES = "LECTURE_PAGES"
"""With 1 as the value of this variable of the environment, what is shown is for a page without Python."""

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# What JupyterLab writes where it has no model, "Error displaying widget", is bare text in an output without a
# format's name.
NO_ERROR = (
    "<style>.jp-OutputArea-child:has([class$='-still']) + .jp-OutputArea-child > "
    ".jp-OutputArea-output:not([data-mime-type], :has(*)) { display: none }</style>"
)


class Live(Shown, ABC):
    """Displays what has `html` and `words`, and a widget where widgets are installed."""

    _widget: Any = None

    @property
    @abstractmethod
    def html(self) -> str:
        """What is seen where it cannot be moved."""

    @property
    @abstractmethod
    def words(self) -> str:
        """The same in words."""

    @abstractmethod
    def _live_widget(self) -> Any:
        """Make the widget; ImportError where widgets are not installed."""

    def _view(self) -> dict[str, Any]:
        """The widget's view in its format; nothing where what is still is all."""
        if self._widget is None:
            try:
                self._widget = self._live_widget()
            except ImportError:
                return {}
        return {WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": self._widget.model_id}}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return super()._repr_mimebundle_() | self._view()

    def _carried(self) -> dict[str, Any] | None:
        """All that a page without Python needs to move it, or None if that is too much."""
        return None

    def _ipython_display_(self) -> None:
        # It is there: nobody else calls this.
        from IPython.display import publish_display_data  # pyright: ignore[reportUnknownVariableType]

        if os.environ.get(FOR_PAGES) == "1":
            from .page import moving

            publish_display_data({"text/html": moving(self.html, self._carried()), "text/plain": self.words})
            return
        view = self._view()
        still = super()._repr_mimebundle_()
        if view:
            still["text/html"] += NO_ERROR
        publish_display_data(still)
        if view:
            publish_display_data(view)
