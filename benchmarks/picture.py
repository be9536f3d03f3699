"""The picture: the main table as dots, and a curve for each peer as something grows."""

from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt
from cases import GROWTH, MAIN
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator
from report import AXES, TITLES
from results import BASELINE, LABELS, Results

# A peer is told from the others by its marker as well as by its colour; what is ours is drawn thick.
STYLES = {
    "hand": ("black", "o", "--"),
    "record": ("#0072B2", "s", "-"),
    "program": ("#B84A00", "D", "-"),
    "own_loop": ("#B84A00", "d", "--"),
    "train": ("#B84A00", "P", "-"),
    "micrograd": ("#7A7A7A", "v", ":"),
    "autograd": ("#8C6BB1", "<", ":"),
    "mygrad": ("#A6761D", ">", ":"),
    "pytorch": ("#009E73", "^", "-."),
    "pytorch_sparse": ("#009E73", "2", ":"),
    "jax": ("#CC79A7", "x", "-."),
}
OURS = ("record", "program", "own_loop", "train")
LINEAR = "in proportion to the size"
PLAIN = FuncFormatter(lambda value, _: f"{value:,.10g}")


def draw(results: Results, path: Path) -> None:
    """Draw the results into an SVG file; the same results give the same bytes."""
    settings = {"svg.hashsalt": "benchmarks", "font.size": 9, "axes.titlesize": 9, "svg.fonttype": "path"}
    with mpl.rc_context(settings):
        figure, axes = plt.subplots(2, 3, figsize=(12, 7.6), layout="constrained")
        first, *others = axes.flat
        draw_main(first, results)
        for axis, name in zip(others, GROWTH, strict=True):
            draw_growth(axis, results, name)
        handles = {}
        for axis in axes.flat:
            for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
                handles.setdefault(label, handle)
        order = [label for label in [*LABELS.values(), LINEAR] if label in handles]
        figure.legend(
            [handles[label] for label in order], order, loc="outside lower center", ncols=5, frameon=False
        )
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)


def draw_main(axis, results: Results) -> None:
    """Draw the ratios of each case, a lane for each peer, on a logarithmic axis."""
    for place, case in enumerate(MAIN):
        for lane, peer in enumerate(LABELS):
            if results.has(case.name, peer):
                colour, marker, _ = STYLES[peer]
                height = -place + 0.36 - 0.72 * lane / (len(LABELS) - 1)
                ratio = results.ratio(case.name, peer)
                axis.plot(ratio, height, marker, color=colour, label=LABELS[peer], **_size(peer))
        axis.axhline(-place - 0.5, color="#dddddd", linewidth=0.6)
    titles = [TITLES[case.name].replace(") ", ")\n", 1) for case in MAIN]
    axis.set_yticks([-place for place in range(len(MAIN))], titles)
    axis.set_ylim(-len(MAIN) + 0.5, 0.5)
    axis.set_xscale("log")
    axis.axvline(1, color="black", linewidth=0.8, linestyle="--")
    axis.set_title("Time / time of NumPy by hand")
    axis.grid(axis="x", color="#dddddd", linewidth=0.6)
    axis.xaxis.set_major_formatter(PLAIN)
    axis.xaxis.set_minor_formatter(NullFormatter())


def draw_growth(axis, results: Results, name: str) -> None:
    """Draw the milliseconds a step against the size, both logarithmic, and how fast linear growth is."""
    for peer in LABELS:
        points = {n: case.name for n, case in GROWTH[name].items() if results.has(case.name, peer)}
        if points:
            colour, marker, line = STYLES[peer]
            times = [1000 * results.step(case, peer) for case in points.values()]
            style = {"color": colour, "marker": marker, "linestyle": line, "label": LABELS[peer]}
            axis.plot(list(points), times, linewidth=2.2 if peer in OURS else 1.1, **style, **_size(peer))
    axis.set(xscale="log", yscale="log")
    low, high = axis.get_ylim()
    sizes = [n for n, case in GROWTH[name].items() if results.has(case.name, BASELINE)]
    axis.plot(
        sizes, [low * n / sizes[0] for n in sizes], color="#cccccc", linewidth=5, zorder=0, label=LINEAR
    )
    axis.set_ylim(low, high)
    axis.set_title(AXES[name])
    axis.set_ylabel("milliseconds a step")
    axis.grid(color="#dddddd", linewidth=0.6)
    axis.set_xticks(sizes)
    axis.yaxis.set_major_locator(LogLocator(subs=(1.0,) if high / low > 300 else (1.0, 2.0, 5.0)))
    for side in (axis.xaxis, axis.yaxis):
        side.set_major_formatter(PLAIN)
        side.set_minor_locator(NullLocator())


def _size(peer: str) -> dict:
    return {"markersize": 6 if peer in OURS else 5, "fillstyle": "full" if peer in OURS else "none"}
