"""Recall questions and predictions: choose, commit, then read why each answer is tempting or right.

The questions are data, a file a lesson. A notebook names them only, and the browser learns
which option is right when one has been committed to: neither the code nor the page gives the answer away.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .live import Live


class Option(NamedTuple):
    """One answer: what it says, why one is drawn to it, and what is the case."""

    text: str
    explanation: str


@dataclass(frozen=True)
class Question:
    """A question with one right answer.

    Attributes
    ----------
    id : str
        the lesson's number and a name: "03-sign-of-w"
    prompt : str
        what is asked; `code` between backticks
    options : tuple of Option
        in the order in which they are shown
    right : int
        which of them is right, from 0
    slide : str
        the title of the slide it is about
    """

    id: str
    prompt: str
    options: tuple[Option, ...]
    right: int
    slide: str

    def __post_init__(self) -> None:
        if not 0 <= self.right < len(self.options):
            raise ValueError(
                f"question {self.id}: option {self.right} of {len(self.options)} cannot be right"
            )


LESSONS: dict[str, Any] = {}
"""Each lesson's `questions.py`: what is entered here, `recall` and `predict` know."""


def recall(lesson: str) -> "Questions":
    """The questions that a lesson begins with, on what came before it.

    Parameters
    ----------
    lesson : str
        the lesson's number, such as "03"

    Examples
    --------
    >>> print(recall("03").words.splitlines()[0])
    Recall: 2 questions on what came before
    """
    questions = _lesson(lesson).RECALL
    return Questions(f"Recall: {len(questions)} questions on what came before", questions)


def predict(id: str) -> "Questions":
    """One prediction, to commit to before a picture or a number shows the answer.

    Parameters
    ----------
    id : str
        the lesson's number and the prediction's name

    Examples
    --------
    >>> print(predict("03-sign-of-w").words.splitlines()[0])
    Your prediction
    """
    known = {question.id: question for question in _lesson(str(id).partition("-")[0]).PREDICTIONS}
    if id not in known:
        raise KeyError(f"there is no prediction {id!r}; this lesson has {', '.join(known) or 'none'}")
    return Questions("Your prediction", (known[id],))


class Questions(Live):
    """Questions on show. Python keeps what was committed to; the page is told what it may know.

    Parameters
    ----------
    title : str
    questions : tuple of Question
    """

    def __init__(self, title: str, questions: tuple[Question, ...]) -> None:
        self.title = title
        self.questions = questions
        self._chosen: dict[int, int] = {}

    @property
    def html(self) -> str:
        """The questions as a saved notebook shows them: to be read, without the answers."""
        asked = "\n".join(
            f"<p>{_marked_up(question.prompt)}</p>\n<ol type='A'>"
            + "".join(f"<li>{_marked_up(option.text)}</li>" for option in question.options)
            + "</ol>"
            for question in self.questions
        )
        return (
            f'<div class="ll-question-still"><p><strong>{html.escape(self.title)}</strong></p>\n{asked}\n'
            "<p><em>Run this cell to answer, and to read what each answer is about.</em></p></div>"
        )

    @property
    def words(self) -> str:
        """The questions as plain text."""
        lines = [self.title]
        for question in self.questions:
            lines += ["", question.prompt]
            lines += [f"  {chr(65 + i)}. {option.text}" for i, option in enumerate(question.options)]
        return "\n".join(lines)

    def spec(self) -> dict[str, Any]:
        """What the browser needs to ask: no word of what is right."""
        return {
            "title": self.title,
            "questions": [
                {
                    "prompt": _marked_up(question.prompt),
                    "options": [_marked_up(option.text) for option in question.options],
                }
                for question in self.questions
            ],
        }

    def answer(self, message: Mapping[str, Any]) -> None:
        """Commit to an answer, for good.

        Parameters
        ----------
        message : mapping
            `{"question": number, "option": number}`; what is not a question's option is passed over
        """
        q, o = message.get("question"), message.get("option")
        if type(q) is not int or type(o) is not int or not 0 <= q < len(self.questions):
            return
        if q not in self._chosen and 0 <= o < len(self.questions[q].options):
            self._chosen[q] = o

    def revealed(self) -> dict[str, Any]:
        """For each question that was committed to: what was chosen, what is right, and every explanation."""
        return {
            str(q): {
                "chosen": chosen,
                "right": self.questions[q].right,
                "explanations": [_marked_up(option.explanation) for option in self.questions[q].options],
            }
            for q, chosen in self._chosen.items()
        }

    def _carried(self) -> dict[str, Any]:
        every = Questions(self.title, self.questions)
        for number in range(len(self.questions)):
            every.answer({"question": number, "option": 0})
        return {"spec": self.spec(), "revealed": every.revealed()}

    def _live_widget(self) -> Any:
        from .widget import QuestionsWidget, live

        return live(QuestionsWidget, self.spec(), self.answer, self.revealed)


def _lesson(number: str) -> Any:
    """The questions of a lesson."""
    if number not in LESSONS:
        raise KeyError(f"there are no questions for a lesson {number!r}; lessons are called '03', '05', ...")
    return LESSONS[number]


def _marked_up(text: str) -> str:
    """Plain text as HTML, `code` in backticks as code.

    Examples
    --------
    >>> _marked_up("is `x*x` < 0?")
    'is <code>x*x</code> &lt; 0?'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
