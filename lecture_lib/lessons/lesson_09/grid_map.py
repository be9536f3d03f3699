"""A grid search as a map that one can enter, and a random search beside it.

A cell of the map is one model: its accuracy on dev and its loss. The cell that is entered shows that model's
curves beneath.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from lecture_lib.common import Text, counted, number
from lecture_lib.explore.controls import Choice
from lecture_lib.explore.explorer import Explorer
from lecture_lib.learning.search import GridSearch
from lecture_lib.learning.training import History
from lecture_lib.show import padded, svg
from lecture_lib.show.panels import Line, Panel, Point, side_by_side
from lecture_lib.show.picture import Group, Picture, Place
from lecture_lib.show.svg import BACKWARD, FORWARD, INK, PALE
from lecture_lib.show.typeset import text_width

GREEN = svg.ROOT_LINE
CELL_WIDTH, CELL_HEIGHT, GAP = 192.0, 76.0, 8.0
SHADES = ("#FFFFFF", "#EAF2F8", "#D3E5F2", "#BBD7EC")
"""From the lowest accuracy on the map to the highest; the number stands in each cell as well."""


@dataclass(frozen=True)
class Ranges:
    """The two hyper-parameters of a map, and the values that each had."""

    down: str
    across: str
    rows: tuple[Any, ...]
    columns: tuple[Any, ...]

    @property
    def digits(self) -> int:
        """With so many digits that count, no two values of a hyper-parameter are written alike."""
        ranges = (self.rows, self.columns)
        return next(
            (
                digits
                for digits in range(3, 17)
                if all(len({_written(value, digits) for value in values}) == len(values) for values in ranges)
            ),
            17,
        )


def ranges_of(search: GridSearch) -> Ranges:
    """Find the two hyper-parameters that a search varied.

    Raises
    ------
    ValueError
        if it varied one, or more than two
    """
    configs = search.configs or [r["config"] for r in search.results] + [f.config for f in search.failures]
    values: dict[str, list[Any]] = {}
    for config in configs:
        for name, value in config.items():
            if value not in values.setdefault(name, []):
                values[name].append(value)
    varied = [name for name in values if len(values[name]) > 1]
    if len(varied) != 2:
        names = f": {', '.join(varied)}" if varied else ""
        raise ValueError(
            f"explore_grid: a map needs two hyper-parameters with two values or more each; the search varied "
            f"{len(varied)}{names}"
        )
    down, across = varied
    return Ranges(down, across, tuple(values[down]), tuple(values[across]))


def result_at(search: GridSearch, config: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the result with these values; None if that model could not be trained."""
    return next(
        (r for r in search.results if all(r["config"].get(name) == config[name] for name in config)), None
    )


def explore_grid(search: GridSearch) -> Explorer:
    """A grid search of two hyper-parameters as a map; choose or click a cell to see its model's curves.

    Parameters
    ----------
    search : GridSearch
        what `grid_search` found; each result holds a `model` that has a `history`

    Raises
    ------
    ValueError
        if the search did not vary two hyper-parameters, or its results hold no model with a history
    """
    ranges = ranges_of(search)
    for result in search.results:
        if not isinstance(getattr(result.get("model"), "history", None), History):
            raise ValueError(
                f"explore_grid: the result of {result['config']} holds no model with a history; "
                'train_one should give it as "model", as train_one_definitions_model does'
            )

    def view(**entered: Any) -> Group:
        return entered_cell(search, ranges, entered)

    best = search.best["config"]
    return Explorer(
        view,
        [
            Choice(
                name, _label(name), {_written(value, ranges.digits): value for value in values}, best[name]
            )
            for name, values in ((ranges.down, ranges.rows), (ranges.across, ranges.columns))
        ],
        title="The grid, and the curves of one of its models",
        jumps={_config_words(config, ranges.digits): {"its curves": config} for config in _configs(ranges)},
    )


def _configs(ranges: Ranges) -> list[dict[str, Any]]:
    return [{ranges.down: down, ranges.across: across} for down in ranges.rows for across in ranges.columns]


def entered_cell(search: GridSearch, ranges: Ranges, entered: Mapping[str, Any]) -> Group:
    """Draw the map with one cell entered, and that model's curves.

    Returns
    -------
    Group
        a Text that says which model it is and how it did, the map, and its curves if it was trained
    """
    result = result_at(search, entered)
    said = _sentence(search, entered, result, ranges.digits)
    parts = (Text(f"<p>{escape(said)}</p>", said), map_picture(search, ranges, entered))
    return Group(parts) if result is None else Group((*parts, curves(search, result)))


def _sentence(
    search: GridSearch, entered: Mapping[str, Any], result: Mapping[str, Any] | None, digits: int
) -> str:
    which = _config_words(entered, digits)
    if result is None:
        failure = next(f for f in search.failures if all(f.config.get(n) == entered[n] for n in entered))
        return f"{which}: this model could not be trained. {type(failure.error).__name__}: {failure.error}"
    history: History = result["model"].history
    kept = history.evaluated_at.index(history.best_step)
    best = search.best
    said = (
        f"{which}: {_share(result['dev_accuracy'])} of dev right, dev loss {number(result['dev_loss'], 3)}, "
        f"after {kept} of {counted(len(history.evaluated_at) - 1, 'epoch')}."
    )
    if result["config"] is best["config"]:
        return f"{said} This is the model that dev selects."
    behind = 100 * (best["dev_accuracy"] - result["dev_accuracy"])
    if behind == 0 and best["dev_loss"] == result["dev_loss"]:
        return f"{said} The selected model is as good on both, and comes first."
    if behind == 0:
        return f"{said} The selected model is as accurate, and has the smaller dev loss."
    return f"{said} The selected model is {behind:.2f} points better on dev."


def map_picture(search: GridSearch, ranges: Ranges, entered: Mapping[str, Any]) -> Picture:
    """Draw the map: a row for each value of one hyper-parameter, a column for each of the other."""
    digits = ranges.digits
    rows = [_written(value, digits) for value in ranges.rows]
    left = max(text_width(f"{ranges.down} = {row}", "t") for row in rows) + 40
    top = 40.0
    accuracies = [result["dev_accuracy"] for result in search.results]
    best = search.best["config"]
    body: list[str] = []
    width = left + (CELL_WIDTH + GAP) * len(ranges.columns) + 12
    height = top + (CELL_HEIGHT + GAP) * len(ranges.rows) + 8
    places: list[Place] = []
    words = [f"A map of {len(ranges.rows)} by {len(ranges.columns)} models."]
    for column, value in enumerate(ranges.columns):
        x = left + (CELL_WIDTH + GAP) * column + CELL_WIDTH / 2
        body.append(svg.text(x, top - 12, f"{ranges.across} = {_written(value, digits)}", INK, "t"))
    for row, down in enumerate(ranges.rows):
        y = top + (CELL_HEIGHT + GAP) * row
        body.append(
            svg.text(
                left - 14, y + CELL_HEIGHT / 2 + 5, f"{ranges.down} = {rows[row]}", INK, "t", anchor="end"
            )
        )
        for column, across in enumerate(ranges.columns):
            config = {ranges.down: down, ranges.across: across}
            result = result_at(search, config)
            x = left + (CELL_WIDTH + GAP) * column
            is_entered = all(entered[name] == config[name] for name in config)
            selected = result is not None and result["config"] is best
            body += _cell(x, y, result, _shade(result, accuracies), is_entered, selected)
            which = _config_words(config, digits)
            words.append(_cell_words(which, result, is_entered, selected))
            sides = x / width, y / height, CELL_WIDTH / width, CELL_HEIGHT / height
            places.append(Place(which, *sides))
    text = "\n".join(words)
    return Picture(svg.document(width, height, "A map of the grid", text, body), text, tuple(places))


def _cell(
    x: float, y: float, result: Mapping[str, Any] | None, shade: str, entered: bool, selected: bool
) -> list[str]:
    frame = {"stroke": BACKWARD, "stroke_width": 3} if entered else {"stroke": svg.EDGE, "stroke_width": 1}
    parts = [svg.rect(x, y, CELL_WIDTH, CELL_HEIGHT, rx=5, fill=shade, **frame)]
    middle = x + CELL_WIDTH / 2
    if result is None:
        return [*parts, svg.text(middle, y + 42, "not trained", INK, "t")]
    marks = [mark for mark, holds in (("★ selected", selected), ("shown below", entered)) if holds]
    return [
        *parts,
        svg.text(middle, y + 24, f"dev {_share(result['dev_accuracy'])}", INK, "n g"),
        svg.text(middle, y + 43, f"loss {number(result['dev_loss'], 3)}", INK, "n"),
        svg.text(middle, y + 65, ", ".join(marks), PALE if not entered else BACKWARD, "t"),
    ]


def _cell_words(which: str, result: Mapping[str, Any] | None, entered: bool, selected: bool) -> str:
    if result is None:
        return f"{which}: not trained"
    marks = "".join(
        f", {word}" for word, holds in (("selected", selected), ("shown below", entered)) if holds
    )
    return f"{which}: dev {_share(result['dev_accuracy'])}, loss {number(result['dev_loss'], 3)}{marks}"


def _shade(result: Mapping[str, Any] | None, accuracies: Sequence[float]) -> str:
    low, high = min(accuracies), max(accuracies)
    if result is None or high == low:
        return SHADES[0]
    share = (result["dev_accuracy"] - low) / (high - low)
    return SHADES[min(int(share * len(SHADES)), len(SHADES) - 1)]


def curves(search: GridSearch, result: Mapping[str, Any]) -> Picture:
    """Draw one model's losses and its accuracy on dev, epoch after epoch, on the axes of all models."""
    every: list[History] = [other["model"].history for other in search.results]
    history: History = result["model"].history
    kept = history.evaluated_at.index(history.best_step)
    last = max(len(one.evaluated_at) for one in every) - 1
    losses = [loss for one in every for loss in one.dev_losses + one.epoch_losses if math.isfinite(loss)]
    top = max(losses, default=0.0) or 1.0
    low = min(min(one.dev_accuracies[1:]) for one in every)
    epochs = list(range(len(history.evaluated_at)))
    loss = Panel(
        "The loss",
        "epoch",
        "loss",
        (0, last),
        (0, 1.05 * top),
        (
            Line("training loss, mean over the epoch", epochs[1:], history.epoch_losses, FORWARD),
            Line("dev loss at the epoch's end", epochs, history.dev_losses, BACKWARD, "7 4"),
        ),
        (
            Point(
                f"kept: epoch {kept}, dev loss {number(result['dev_loss'], 3)}",
                kept,
                result["dev_loss"],
                GREEN,
                "diamond",
            ),
        ),
    )
    floor = min(98.0, 100 * math.floor(50 * low) / 50)
    accuracy = Panel(
        "The accuracy on dev",
        "epoch",
        "right, %",
        (0, last),
        (floor, 100),
        (Line("dev accuracy", epochs, [100 * a for a in history.dev_accuracies], BACKWARD, "7 4"),),
        (
            Point(
                f"kept: {_share(result['dev_accuracy'])}",
                kept,
                100 * result["dev_accuracy"],
                GREEN,
                "diamond",
            ),
        ),
    )
    words = (
        f"First, the losses of {_config_words(result['config'])}: training from "
        f"{number(history.epoch_losses[0], 3)} to {number(history.epoch_losses[-1], 3)}; dev from "
        f"{number(history.dev_losses[0], 3)} to {number(history.dev_losses[-1], 3)}, smallest, "
        f"{number(result['dev_loss'], 3)}, at epoch {kept}, which is kept. Second, the accuracy on dev: "
        f"{_share(result['dev_accuracy'])} at epoch {kept}, {_share(history.dev_accuracies[-1])} at the end."
    )
    return side_by_side([loss, accuracy], words)


def show_searches(
    by_grid: GridSearch, at_random: GridSearch, across: str = "learning_rate", down: str = "hidden"
) -> Picture:
    """Draw a grid search and a random search in one picture: where each looked, and what each found.

    Parameters
    ----------
    by_grid, at_random : GridSearch
    across, down : str
        two hyper-parameters, both with numbers above 0; they are drawn in powers of ten

    Raises
    ------
    ValueError
        if a configuration does not hold both
    """
    searches = (("grid", by_grid, FORWARD, "square"), ("random", at_random, BACKWARD, "circle"))
    for title, search, _, _ in searches:
        for result in search.results:
            if not {across, down} <= set(result["config"]):
                raise ValueError(
                    f"show_searches: {result['config']} of the {title} search does not hold both {across} "
                    f"and {down}"
                )
    every = [*by_grid.results, *at_random.results]
    x_range = padded([math.log10(r["config"][across]) for r in every], flat=0.5)
    where = Panel(
        "Where each looked",
        across,
        down,
        x_range,
        padded([r["config"][down] for r in every], flat=0.5),
        tuple(
            Line(
                f"{title}: {_tried(search, across)} values of {across}, {_tried(search, down)} of {down}",
                [math.log10(r["config"][across]) for r in search.results],
                [r["config"][down] for r in search.results],
                colour,
                marker=marker,
            )
            for title, search, colour, marker in searches
        ),
        x_powers=True,
    )
    found = Panel(
        "What each found",
        across,
        "dev accuracy, %",
        x_range,
        padded([100 * r["dev_accuracy"] for r in every], flat=0.5),
        tuple(
            Line(
                f"{title}: best {_share(search.best['dev_accuracy'])}",
                [math.log10(r["config"][across]) for r in search.results],
                [100 * r["dev_accuracy"] for r in search.results],
                colour,
                marker=marker,
            )
            for title, search, colour, marker in searches
        ),
        x_powers=True,
    )
    words = " ".join(
        f"The {title} search trained {len(search.results)} models, with {_tried(search, across)} values of "
        f"{across} and {_tried(search, down)} of {down}; its best is right on "
        f"{_share(search.best['dev_accuracy'])} of dev, with {_config_words(search.best['config'])}."
        for title, search, _, _ in searches
    )
    return side_by_side([where, found], words)


def _tried(search: GridSearch, name: str) -> int:
    return len({result["config"][name] for result in search.results})


def _share(accuracy: float) -> str:
    return f"{number(100 * accuracy)}%"


def _config_words(config: Mapping[str, Any], digits: int = 3) -> str:
    return ", ".join(f"{name} {_written(value, digits)}" for name, value in config.items())


def _written(value: Any, digits: int) -> str:
    return number(value, digits=digits) if isinstance(value, float) else str(value)


def _label(name: str) -> str:
    return name.replace("_", " ")
