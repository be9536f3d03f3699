"""An explorer: a plain function from a state to a picture, with labelled controls around it."""

import html
import inspect
import traceback
from collections.abc import Callable, Mapping, Sequence
from itertools import islice, product
from typing import Any, cast

from lecture_lib.common import Displayable, Text
from lecture_lib.show import Group, Picture

from .controls import Control, index_of
from .live import Live
from .page import MOST_STATES

Jumps = Mapping[str, Mapping[str, Mapping[str, Any]]]
NO_JUMPS: Jumps = {}


class Explorer(Live):
    """Labelled controls around a function that makes pictures.

    The view is called with one keyword for each control, and returns a picture. It must be a pure function:
    the browser keeps the pictures it has seen, and asks ahead for those one key press away.

    In a notebook the explorer is shown by being a cell's last value. What is saved in the notebook is the
    picture of the first state and its words, so it reads without Python too.

    Parameters
    ----------
    view : function
        keyword state -> Displayable: a Picture, a Table, a Text or a Group. After each move a screen reader
        reads out the first Text of a Group, otherwise the first sentence of the words.
    controls : sequence of Slider, Choice, Toggle, Steps
    title : str
        what one explores here, in a few words
    jumps : mapping
        name of something in the picture -> {what of it: state}: a list to go there by name; where the picture
        says at which place the name stands, a click goes there too

    Raises
    ------
    TypeError
        if the controls' names are not the view's keywords, or the view returns no picture
    Exception
        whatever the view raises for the first state

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from lecture_lib.explore import Slider
    >>> def square(side):
    ...     return SimpleNamespace(html=f"<b>{side**2}</b>", words=f"The area is {side**2}. It grows.")
    >>> explorer = Explorer(square, [Slider("side", "side", [1, 2, 3], start=2)], title="A square")
    >>> explorer.state
    {'side': 2}
    >>> explorer.show(side=3).words
    'The area is 9. It grows.'
    """

    def __init__(
        self,
        view: Callable[..., Displayable],
        controls: Sequence[Control],
        *,
        title: str,
        jumps: Jumps = NO_JUMPS,
    ) -> None:
        self.view = view
        self.controls = tuple(controls)
        self.title = title
        _check_names(view, self.controls)
        self._jumps = [
            {"name": name, "what": what, "to": self._targets(state)}
            for name, states in jumps.items()
            for what, state in states.items()
        ]
        self._first_at = [control.first for control in self.controls]
        self.at = self._first_at
        self._first = self.show()

    @property
    def first_state(self) -> dict[str, Any]:
        """The state that the explorer begins with, and that reset returns to."""
        return self._state(self._first_at)

    @property
    def state(self) -> dict[str, Any]:
        """The state that was chosen last, a value for each control."""
        return self._state(self.at)

    def show(self, **state: Any) -> Displayable:
        """The still picture for a state. A control that is left out has its first value."""
        unknown = sorted(set(state) - set(self.first_state))
        if unknown:
            known = ", ".join(self.first_state)
            raise TypeError(f"{self.title}: no control is called {', '.join(unknown)}; there are {known}")
        picture = cast(object, self.view(**(self.first_state | state)))
        if not isinstance(picture, Displayable):  # a view is a student's too, and may return anything
            raise TypeError(
                f"{self.title}: the view returned {type(picture).__name__}; "
                "something with .html and .words was expected, such as a Picture"
            )
        return picture

    @property
    def html(self) -> str:
        """The still picture of the first state, as a saved notebook shows it."""
        settings = ", ".join(f"{c.label} {c.options[c.first].text}" for c in self.controls)
        return (
            f'<div class="ll-explorer-still"><p><strong>{html.escape(self.title)}</strong></p>\n'
            f"{self._first.html}\n"
            f"<p><em>A still picture: {html.escape(settings)}. Run this cell to move it.</em></p></div>"
        )

    @property
    def words(self) -> str:
        """What the first state shows."""
        return f"{self.title}\n{self._first.words}"

    def spec(self) -> dict[str, Any]:
        """What the browser needs to build the controls and to show the first picture."""
        return {
            "title": self.title,
            "controls": [
                {
                    "kind": control.kind,
                    "label": control.label,
                    "texts": [option.text for option in control.options],
                    "first": control.first,
                    "seconds": getattr(control, "seconds", None),
                    "name": control.name,
                    "numbers": numbers_of(control),
                }
                for control in self.controls
            ],
            "jumps": self._jumps,
            "picture": self._answer_for(self._first_at, self._first),
        }

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        """Answer one message from the browser.

        Parameters
        ----------
        message : mapping
            `{"at": [numbers of the options], "want": "picture" | "ahead" | "nothing"}`: "picture" chooses
            this state and asks for its picture, "ahead" asks only, "nothing" chooses only.

        Returns
        -------
        dict or None
            `{"at", "html", "caption"}`, or `{"at", "error"}` when there is no such state or the view failed
        """
        at, want = self._settled(message.get("at")), message.get("want")
        if at is None:
            text = f"{self.title}: {message.get('at')!r} is not a state of these controls."
            return {"at": message.get("at"), "error": text}
        if want in ("picture", "nothing"):
            self.at = at
        if want == "nothing":
            return None
        try:
            return self._answer_for(at, self.show(**self._state(at)))
        except Exception as error:
            return {"at": at, "error": self._apology(at, error)}

    def _state(self, at: Sequence[int]) -> dict[str, Any]:
        return {c.name: c.options[i].value for c, i in zip(self.controls, at, strict=True)}

    def _settled(self, at: Any) -> list[int] | None:
        """The numbers of the options, or None if the browser sent anything else."""
        numbers = cast("list[Any]", at) if isinstance(at, list) else []
        if len(numbers) != len(self.controls):
            return None
        fits = all(
            isinstance(i, int) and 0 <= i < len(c.options)
            for c, i in zip(self.controls, numbers, strict=True)
        )
        return numbers if fits else None

    def _answer_for(self, at: Sequence[int], picture: Displayable) -> dict[str, Any]:
        places = places_in(picture)
        answer = {"at": list(at), "html": picture.html, "caption": caption(picture)}
        return answer | ({"places": places} if places else {})

    def _targets(self, state: Mapping[str, Any]) -> list[list[int]]:
        """A state as pairs: the number of a control and of its option."""
        numbers = {control.name: i for i, control in enumerate(self.controls)}
        return [[numbers[name], index_of(self.controls[numbers[name]], to)] for name, to in state.items()]

    def _carried(self) -> dict[str, Any] | None:
        states = list(islice(product(*(range(len(c.options)) for c in self.controls)), MOST_STATES + 1))
        if len(states) > MOST_STATES:
            return None
        answers = [self.answer({"at": list(at), "want": "ahead"}) for at in states]
        if not all(answer and "html" in answer for answer in answers):
            return None
        return {"spec": self.spec() | {"picture": {"at": self._first_at}}, "answers": answers}

    @property
    def widget(self) -> Any:
        """The explorer as an ipywidget, to place in `HBox` and `VBox`, to observe, to link and to set.

        Each control is a trait of it, called as the control is.
        """
        self._view()
        if self._widget is None:
            raise ImportError("an explorer's widget needs anywidget and ipywidgets: pip install anywidget")
        return self._widget

    def _apology(self, at: Sequence[int], error: Exception) -> str:
        """Which state could not be shown, what went wrong, and where in the view."""
        chosen = ", ".join(f"{c.label} = {c.options[i].text}" for c, i in zip(self.controls, at, strict=True))
        line = traceback.extract_tb(error.__traceback__)[-1]
        return (
            f"There is no picture for {chosen}. Python says: {type(error).__name__}: {error} "
            f"(in {line.name}, line {line.lineno} of {line.filename.rpartition('/')[2]}). "
            "What is shown is the picture before it."
        )

    def _live_widget(self) -> Any:
        from .widget import explorer_widget

        return explorer_widget(self)


def caption(picture: Displayable) -> str:
    """What a screen reader says of a new picture: short, and made from what is shown.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> caption(SimpleNamespace(html="", words="c = 1.00. d = 0.80."))
    'c = 1.00.'
    """
    if isinstance(picture, Group):
        text = next((part.words for part in picture.parts if isinstance(part, Text)), None)
        if text is not None:
            return text
    first, dot, rest = picture.words.partition(". ")
    return first + "." if dot and rest else picture.words


def places_in(picture: Displayable) -> list[list[Any]]:
    """Where the named things stand: the number of the image, the name, left, top, width, height, and axes."""
    parts = picture.parts if isinstance(picture, Group) else (picture,)
    images = [image for part in parts if isinstance(part, Picture) for image in part.images]
    return [[i, *place] for i, image in enumerate(images) for place in image.places]


def numbers_of(control: Control) -> list[float] | None:
    """A slider's numbers, so that one can be typed; nothing where a value is not a number."""
    values = [option.value for option in control.options]
    if control.kind == "slider" and all(type(value) in (int, float) for value in values):
        return values
    return None


def _check_names(view: Callable[..., Any], controls: Sequence[Control]) -> None:
    """The controls' names must be keywords that the view takes, and all that it needs."""
    if not controls:
        raise ValueError("an explorer needs at least one control; a picture alone needs no explorer")
    names = [control.name for control in controls]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TypeError(f"two controls are called {', '.join(twice)}; each needs a name of its own")
    try:
        inspect.signature(view).bind(**dict.fromkeys(names))
    except TypeError as error:
        what = getattr(view, "__name__", "the view")
        raise TypeError(
            f"the controls are called {', '.join(names)}, but {what} cannot take them: {error}"
        ) from None
