"""The cells that a student should look at again, as they stand in what was handed in: kept nowhere."""

from collections.abc import Sequence

from ..graded import Graded
from ..handed_in import Submission, Unreadable, read_notebook
from .feedback import best_results

_LOOK_AGAIN = ("not yet", "error")


def own_cells(submissions: Sequence[Submission], results: Sequence[Graded]) -> dict[str, str]:
    """A student's notebooks and what became of each -> the cell of each exercise that is not right yet.

    Only notebooks that hold one are read. What has gone, or cannot be read any more, is left out.
    """
    best = best_results(results)
    cells: dict[str, str] = {}
    for submission, graded in zip(submissions, results, strict=True):
        wanted = {
            id: found.cell
            for id, found in graded.exercises.items()
            if found is best[id] and found.cell and found.verdict.state in _LOOK_AGAIN
        }
        if not wanted:
            continue
        try:
            there = read_notebook(submission.read()).cells
        except Unreadable:
            continue
        cells |= {id: there[number - 1].source for id, number in wanted.items() if number <= len(there)}
    return cells
