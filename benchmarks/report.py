"""The results as tables: in Markdown to be kept, in plain text for the terminal."""

from bars import bars
from cases import GROWTH, MAIN
from results import BASELINE, LABELS, Results

TITLES = {
    "a": "(a) the lecture's network",
    "b": "(b) a minibatch",
    "c": "(c) 10,000 scalar operations",
    "d": "(d) an epoch of lesson 10",
}
AXES = {
    "depth": "Depth: hidden layers of 16 units, one sentence",
    "width": "Width: hidden units of the minibatch's network",
    "batch": "Batch: sentences in the minibatch",
    "vocabulary": "Vocabulary: words, each with a column of E",
    "operations": "Operations: scalar, each using the one before",
}

Table = list[list[str]]

WHAT = """\
A figure is a peer's time divided by that of the hand-written NumPy in the same round, the median over the
rounds; in brackets, the middle half of the rounds. Less is faster. All compute in float64, on one thread.
Before anything was timed, losses and gradients were checked against those derived by hand.

- **(a)** One full step of the duck/goose network: forward, loss, all gradients, update.
- **(b)** One full step with a vocabulary of 5,000, 64 dimensions, 128 hidden units, 4 classes, and 64
  sentences of 32 words. NumPy by hand has a gradient for all of E, added up by `np.add.at`.
- **(c)** Forward and all gradients of a chain of 10,000 operations on numbers. By hand, that is plain Python.
- **(d)** One epoch of lesson 10: 5,597 definitions in minibatches of 32, Adam; without the development set.

The *record* builds its graph anew at each step and keeps everything for display. The *program* is the same
graph written out as NumPy once (not counted here), and called at each step; *train* is `lecture_lib.train`.
*A user's own loop* calls a program of `E[:, words]` and updates by `P[k] -= eta * G[k]`, as one writes it
from the documentation. `../cases.py` has the sizes, `../peers` how each peer does a step."""


def main_table(results: Results) -> Table:
    """Return a row for each peer, a column for each case."""
    table = [["", *(TITLES[case.name] for case in MAIN)]]
    for peer, label in LABELS.items():
        table.append([label, *(_cell(results, case.name, peer) for case in MAIN)])
    return table


def bars_table(results: Results) -> Table:
    """Return each aim, what was measured, and whether that is enough."""
    return [
        ["aim", "measured", "at most", ""],
        *(
            [bar.aim, _number(bar.measured), f"{bar.at_most:g}", "reached" if bar.reached else "NOT reached"]
            for bar in bars(results)
        ),
    ]


def growth_table(results: Results, axis: str) -> Table:
    """Return how each peer grows: its ratio at each size, and how many times as long the largest takes."""
    cases = {n: case.name for n, case in GROWTH[axis].items() if case.name in results.seconds}
    table = [["", *(f"{n:,}" for n in cases), f"{max(cases) // min(cases)} × as large takes"]]
    for peer, label in LABELS.items():
        measured = [name for name in cases.values() if results.has(name, peer)]
        if measured:
            whole = len(measured) == len(cases)
            growth = results.growth(measured[0], measured[-1], peer)
            cells = [_number(results.ratio(c, peer)) if c in measured else "—" for c in cases.values()]
            table.append([label, *cells, f"{growth:.3g} × the time" if whole else "—"])
    return table


def notes(results: Results) -> list[str]:
    """Return the machine, versions and threads, and why a figure is missing."""
    said = [f"{name}: {value}" for name, value in results.machine.items()]
    said.append(f"versions: {', '.join(dict.fromkeys(results.versions.values()))}")
    busy = {peer: cpu / wall for peer, (cpu, wall) in results.threads.items()}
    most = max(busy, key=lambda peer: busy[peer])
    said.append(f"threads: one each (CPU seconds a second: at most {busy[most]:.2f}, {LABELS[most]})")
    for case, peers in results.missing.items():
        said += [f"no figure for {LABELS[peer]} in {case}: {why}" for peer, why in peers.items()]
    return said


def as_markdown(results: Results) -> str:
    """Return everything as a page."""
    page = ["# Benchmarks", "", "Made by `make bench`; not to be edited."]
    page += [
        "[How long one waits for the import and for lesson 00](startup.md) has a page of its own.",
        "",
        WHAT,
        "",
    ]
    page += [
        _markdown(main_table(results)),
        "",
        "## What is aimed at",
        "",
        _markdown(bars_table(results)),
        "",
    ]
    page += [
        "## How it grows",
        "",
        "Each size over a factor of 100, all else as in (b), or (c) for the operations.",
    ]
    page += [
        "",
        "![Time a step against size, for each peer; the tables below have the numbers](growth.svg)",
        "",
    ]
    for axis, title in AXES.items():
        page += [f"### {title}", "", _markdown(growth_table(results, axis)), ""]
    page += ["## Measured on", "", *(f"- {note}" for note in notes(results))]
    return "\n".join(page) + "\n"


def as_text(results: Results) -> str:
    """Return the tables for the terminal."""
    page = ["Time / time of NumPy by hand [middle half of the rounds]", "", _text(main_table(results)), ""]
    page += [_text(bars_table(results)), ""]
    for axis, title in AXES.items():
        page += [title, "", _text(growth_table(results, axis)), ""]
    return "\n".join([*page, *notes(results)])


def _cell(results: Results, case: str, peer: str) -> str:
    if not results.has(case, peer):
        return ""
    if peer == BASELINE:
        return f"1 ({_time(results.step(case, peer))})"
    low, high = results.middle_half(case, peer)
    return f"{_number(results.ratio(case, peer))} [{_number(low)}–{_number(high)}]"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def _markdown(table: Table) -> str:
    head, *rows = table
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(table: Table) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rows = []
    for first, *rest in table:
        cells = [
            first.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)),
        ]
        rows.append("  ".join(cells).rstrip())
    return "\n".join(rows)
