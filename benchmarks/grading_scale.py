"""Whether a very large class is graded rightly, in the same memory and at the same rate from first to last.

    python benchmarks/grading_scale.py [--notebooks 10000] [--seed 1] [--workers 2]

makes that many notebooks out of the solved lessons (solved, half-done, blank, wrong in ways whose points are
known, some of them hostile or damaged), grades them with the real command line, and looks meanwhile at the
memory of the run, of its workers and of their sandboxes. Then it compares the gradebook with what was
expected of each submission. It ends with 1 if a grade is wrong; no time and no memory makes it fail.
"""

import argparse
import contextlib
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lecture_lib.lessons import EXERCISES

ROOT = Path(__file__).resolve().parent.parent
GRADED = {id: exercise for id, exercise in EXERCISES.items() if exercise.points}
LESSONS = sorted({exercise.lesson for exercise in GRADED.values()})
RIGHT_BY_HAND = """\
mine = ll.my_example()
h0 = ll.encode(mine.tokens, mine.vocabulary, mine.E)
z = mine.W @ h0 + mine.b
o = mine.U @ ll.relu(z)
p = ll.softmax(o)
forward_by_hand = {"h0": h0, "z": z, "h": ll.relu(z), "o": o, "p": p, "loss": -(mine.y * np.log(p)).sum()}
"""

WRONG: dict[str, list[tuple[float, str]]] = {
    "neuron_forward": [
        (1.0, "def neuron_forward(x, w, b, y):\n    c = w * x\n    d = c + b\n    return c, d, d - y, d - y"),
        (0.0, "def neuron_forward(x, w, b, y):\n    return 0, 0, 0, 0"),
        (0.0, "def neuron_forward(x, w, b, y):\n    return w * x + c"),
        (0.0, "def neuron_forward(x, w, b, y)\n    return w"),
    ],
    "neuron_gradients": [
        (3.0, "def neuron_gradients(x, w, b, y):\n    d = -2 * (y - (w * x + b)) * x\n    return d, d"),
        (3.0, "def neuron_gradients(x, w, b, y):\n    d = -2 * (y - (w * x + b))\n    return d * w, d"),
        (0.0, "def neuron_gradients(x, w, b, y):\n    return float('nan'), float('nan')"),
    ],
    "fan_out": [
        (0.0, "def fan_out(x):\n    return (x + 1) * 2 * x"),
        (0.0, "def fan_out(x):\n    return {2.0: 16.0, -1.0: 1.0, 3.0: 33.0, 0.5: 1.75, 0.0: 0.0}[x]"),
    ],
    "backward_order": [
        (1.0, "backward_order = ['A', 'C', 'D', 'E', 'F', 'H', 'I', 'J']"),
        (0.0, "backward_order = 'EJCFHAID' * 1000"),
    ],
    "encode": [
        (0.0, "def encode(tokens, vocabulary, E):\n    return E.mean(axis=1) + 1"),
        (0.0, "def encode(tokens, vocabulary, E):\n    return None"),
    ],
    "mlp_forward": [
        (2.0, "def mlp_forward(h0, W, b, U):\n    z = W @ h0 + b\n    return z, z, U @ z, ll.softmax(U @ z)"),
        (0.0, "def mlp_forward(h0, W, b, U):\n    return 1 / 0"),
    ],
    "forward_by_hand": [
        (3.0, RIGHT_BY_HAND + "forward_by_hand['loss'] = 17.0"),
        (0.0, "forward_by_hand = {}"),
    ],
    "backward_by_hand": [(0.0, "backward_by_hand = {'d_p': 0, 'd_o': 0, 'd_U': 0}")],
    "mlp_gradients": [
        (0.0, "def mlp_gradients(tokens, y, vocabulary, params):\n    return {}"),
        (
            0.0,
            "def mlp_gradients(tokens, y, vocabulary, params):\n    return mlp_gradients(tokens, y, {}, {})",
        ),
    ],
    "errata": [
        (2.0, 'errata = {"U12": -0.49775, "U22": -0.29775, "dl_dp1": -2.366, "E_is": ...}'),
        (0.0, "errata = 'I do not know'"),
    ],
}
"""Exercise -> wrong answers with the points that each earns."""

HEAD = ["# A very large class", "", "Made by `grading_scale.py --save`; not to be edited.", "", "```"]
KINDS = {
    "solved": 40,
    "half-done": 25,
    "wrong": 20,
    "blank": 6,
    "the blank lesson itself": 5,
    "hostile": 3,
    "damaged": 1,
}
"""How many notebooks of a hundred are of each kind."""

HOSTILE = [
    "import os\nos._exit(0)",
    "while True: pass",
    "kept = bytearray(10**11)",
    "kept = []\nwhile True: kept.append(bytearray(10**7))",
    "print('x' * 10**7)",
    "import os, signal\nos.kill(0, signal.SIGKILL)",
    "import os\nopen('/home/student/much', 'wb').write(b'x' * 10**8)",
    "import sys\nsys.setrecursionlimit(10**9)\ndef down(n): return down(n + 1)\ndown(0)",
    "import numpy\nnumpy.allclose = lambda *given, **named: True",
    "import os\nwhile True: os.fork()",
    "import socket\nsocket.create_connection(('127.0.0.1', 80))",
    "raise SystemExit",
]
"""Cells that cost themselves and nothing else."""

ENOUGH = 2_000
"""So many notebooks are needed to say whether memory grows: before, workers fill what they may remember."""


# ------------------------------------------------------------------ the class


@dataclass
class Class:
    """What was handed in, and what is to come of it."""

    folder: Path
    points: dict[str, dict[str, float]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    damaged: set[str] = field(default_factory=set)


def make_class(folder: Path, notebooks: int, chance: random.Random) -> Class:
    """Write so many notebooks: three a student, each of a kind that is drawn."""
    made = Class(folder)
    lessons = {
        (kind, lesson): json.loads(next((ROOT / kind).glob(f"{lesson}_*.ipynb")).read_text(encoding="utf-8"))
        for kind in ("solutions", "notebooks")
        for lesson in LESSONS
    }
    for number in range(notebooks):
        student, lesson = f"s{number // len(LESSONS):05}", LESSONS[number % len(LESSONS)]
        points, content = _submission(student, lesson, lessons, chance, made)
        made.points.setdefault(student, {}).update(points)
        place = folder / student
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{lesson}_lesson.ipynb").write_bytes(content)
    return made


def _submission(
    student: str, lesson: str, lessons: dict, chance: random.Random, made: Class
) -> tuple[dict[str, float], bytes]:
    """Make one notebook; return the points that it must earn, and its bytes."""
    ids = [id for id, exercise in GRADED.items() if exercise.lesson == lesson]
    kind = chance.choices([*KINDS], [*KINDS.values()])[0]
    made.kinds[kind] += 1
    if kind == "the blank lesson itself":  # the same bytes from many students
        return dict.fromkeys(ids, 0.0), json.dumps(lessons["notebooks", lesson]).encode()
    notebook = deepcopy(lessons["solutions", lesson])
    stubs = {cell["id"]: cell["source"] for cell in lessons["notebooks", lesson]["cells"]}
    cells = {cell["id"].removeprefix("exercise-"): cell for cell in notebook["cells"]}
    points = {id: GRADED[id].points for id in ids}
    if lesson == "05":
        cells["forward_by_hand"]["source"] = RIGHT_BY_HAND
    for id in ids:
        drawn = chance.random()
        if kind == "blank" or (kind == "half-done" and drawn < 0.5):
            cells[id]["source"], points[id] = stubs[f"exercise-{id}"], 0.0
        elif kind == "wrong" and drawn < 0.6:
            points[id], cells[id]["source"] = chance.choice(
                WRONG.get(id) or [(0.0, f"def {id}(*given):\n    return 'no number'")]
            )
    if kind == "hostile":
        place = next(n for n, cell in enumerate(notebook["cells"]) if cell["id"] == f"exercise-{ids[0]}")
        source = chance.choice(HOSTILE)
        notebook["cells"].insert(place, {"cell_type": "code", "id": "own", "metadata": {}, "source": source})
    if chance.random() < 0.7:  # handed in without outputs
        for cell in notebook["cells"]:
            cell.pop("outputs", None)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace('student("guest")', f'student("{student}")')
    content = json.dumps(notebook, indent=1).encode()
    if kind == "damaged":
        made.damaged.add(student)
        return {}, content[: chance.randrange(1, len(content) - 1)]
    return points, content


def wrong_grades(made: Class, gradebook: Path) -> Iterator[str]:
    """Give each difference between a gradebook and what was expected of each submission."""
    with gradebook.open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    if set(rows) != set(made.points):
        yield f"students: {len(rows)} in the gradebook, {len(made.points)} handed in"
    for student, points in made.points.items():
        row = rows.get(student, {})
        for id in GRADED:
            expected = f"{points[id]:g}" if id in points else ""
            if row.get(id) != expected:
                yield f"{student} {id}: {row.get(id)!r} instead of {expected!r}"
        if ("damaged or cut short" in row.get("remarks", "")) != (student in made.damaged):
            yield f"{student}: {row.get('remarks')!r}"


# ------------------------------------------------------------------ memory


@dataclass(frozen=True)
class Sample:
    """A look at a run: when, how many were graded, and the memory of each kind of process in MB."""

    seconds: float
    graded: int
    run: float
    workers: float
    sandboxes: float
    submissions: float

    @property
    def all(self) -> float:
        """The memory of what lives as long as the run; a submission's processes end with it."""
        return self.run + self.workers + self.sandboxes


def _processes() -> Iterator[tuple[int, int, str, float]]:
    """Give each process: its number, its parent's, its name, and how much memory it wrote in MB.

    What is read from a library's file is left out: how much of it counts depends on who else runs Python.
    """
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            lines = Path("/proc", entry, "status").read_text(errors="replace").splitlines()
            status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
            wrote = int(status.get("RssAnon", "0 kB").split()[0]) / 1024
            yield int(entry), int(status["PPid"]), status["Name"], wrote


def look(root: int, began: float, graded: int) -> Sample:
    """Look at the run's processes: itself, what it began, the sandboxes, and what is at work in these.

    In a sandbox there are bubblewrap and the warm process, which live as long as the run. What that one has
    made is a submission's: it ends with it, and meanwhile may hold all that it is allowed.
    """
    below: dict[int, list[tuple[int, str, float]]] = {}
    memory = {"run": 0.0, "workers": 0.0, "sandboxes": 0.0, "submissions": 0.0}
    for process, parent, name, wrote in _processes():
        below.setdefault(parent, []).append((process, name, wrote))
        if process == root:
            memory["run"] = wrote
    ahead = [(*worker, "workers") for worker in below.get(root, [])]
    while ahead:
        process, name, wrote, kind = ahead.pop()
        memory[kind] += wrote
        inner = "sandboxes" if kind == "workers" or name == "bwrap" else "submissions"
        ahead += [(*child, inner) for child in below.get(process, [])]
    return Sample(time.monotonic() - began, graded, **memory)


def watch(process: subprocess.Popen[str], results: Path) -> Iterator[Sample]:
    """Give a sample a second until the run ends."""
    began, graded, place = time.monotonic(), 0, 0
    while process.poll() is None:
        time.sleep(1)
        if (results / "results.jsonl").exists():
            with (results / "results.jsonl").open("rb") as file:
                file.seek(place)
                new = file.read()
            graded, place = graded + new.count(b"\n"), place + len(new)
        yield look(process.pid, began, graded)


# ------------------------------------------------------------------ the report


def report(samples: list[Sample], due: int, say: Callable[[str], None]) -> None:
    """Say what memory and rate did."""
    grading = [sample for sample in samples if 0 < sample.graded < due and sample.workers > 0]
    warm = [sample for sample in grading if sample.graded >= 0.2 * due]
    if len(warm) < 10:
        say("It took too short a time to say anything of memory.")
        return
    say("\nMemory in MB of what lives as long as the run, and of the submissions at work. A straight line")
    say("after the first fifth, through what half of the looks in each twentieth of the class saw:")
    say(f"{'':12}{'after 20 %':>12}{'at the end':>12}{'most':>10}{'per 1,000 notebooks':>22}")
    place = np.array([int(20 * sample.graded / due) for sample in warm])
    done = (np.unique(place) + 0.5) * due / 20
    growth = 0.0
    for name in ("run", "workers", "sandboxes", "all"):
        memory = np.array([getattr(sample, name) for sample in warm])
        resting = [np.median(memory[place == own]) for own in np.unique(place)]
        slope, start = np.polyfit(done, resting, 1)
        first, last = start + slope * 0.2 * due, start + slope * due
        growth = (last - first) / first
        most = max(getattr(sample, name) for sample in samples)
        say(f"{name:12}{first:12.1f}{last:12.1f}{most:10.1f}{1000 * slope:+22.2f}")
    say(f"{'submissions':12}{'':24}{max(sample.submissions for sample in samples):10.1f}")
    if due < ENOUGH:
        verdict = f"that is no verdict, what is remembered fills up until about {ENOUGH:,} are graded"
    else:
        verdict = "flat" if growth < 0.05 else "NOT FLAT"
    say(f"From a fifth to the end, memory changed by {growth:+.1%}: {verdict}.")
    say("\nBy tenths of the class: notebooks a second; MB in the run, its workers, their sandboxes:")
    for tenth in range(10):
        own = [s for s in grading if tenth * due / 10 <= s.graded <= (tenth + 1) * due / 10]
        if len(own) > 1 and own[-1].seconds > own[0].seconds:
            rate = (own[-1].graded - own[0].graded) / (own[-1].seconds - own[0].seconds)
            rest = [np.median([getattr(s, n) for s in own]) for n in ("run", "workers", "sandboxes")]
            say(f"  {tenth + 1:2}: {rate:6.1f} {''.join(f'{memory:8.1f}' for memory in rest)}")
    say(
        f"First results after {grading[0].seconds:.0f} s, the last after {grading[-1].seconds:.0f} s;"
        f" the gradebook and the pages took {samples[-1].seconds - grading[-1].seconds:.0f} s more."
    )


def main() -> int:
    """Make a class, grade it, compare."""
    from machine import machine

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notebooks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--save", type=Path, help="a file for the report")
    given = parser.parse_args()
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    status = _measure(given, say)
    for name, value in machine().items():
        say(f"{name}: {value}")
    if given.save:
        given.save.write_text("\n".join([*HEAD, *lines, "```", ""]), encoding="utf-8")
    return status


def _measure(given: argparse.Namespace, say: Callable[[str], None]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results")
        made = make_class(Path(folder, "class"), given.notebooks, random.Random(given.seed))
        size = sum(path.stat().st_size for path in made.folder.rglob("*.ipynb")) / 1e6
        say(f"{given.notebooks:,} notebooks of {len(made.points):,} students, {size:,.0f} MB:")
        say("  " + ", ".join(f"{count:,} {kind}" for kind, count in made.kinds.most_common()))
        distinct = len({path.read_bytes() for path in made.folder.rglob("*.ipynb")})
        say(f"  {distinct:,} are different. {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}.")
        command = [sys.executable, "-m", "lecture_grader", "run", str(made.folder), "-o", str(results)]
        command += ["--workers", str(given.workers), "--seed", "scale", "--cell-seconds", "2", "--quiet"]
        with tempfile.TemporaryFile("w+") as said:
            run = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
            samples = list(watch(run, results))
            said.seek(0)
            graded = [line.strip() for line in said if " graded (" in line]
        say("\n" + "".join(graded))
        report(samples, distinct, say)
        if run.returncode not in (0, 1):
            say(f"The run ended with {run.returncode}.")
            return 1
        wrong = list(wrong_grades(made, results / "gradebook.csv"))
        again = time.monotonic()
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        say(f"The same command again, with nothing to grade: {time.monotonic() - again:.0f} s.")
        lines = (results / "results.jsonl").read_bytes().splitlines()
        keys = [json.loads(line)["key"] for line in lines]
        say(f"\n{len(keys):,} results, {len(set(keys)):,} different keys.")
        say(f"Grades that are not as expected: {len(wrong)} of {sum(map(len, made.points.values())):,}.")
        for line in wrong[:20]:
            say(f"  {line}")
    return 1 if wrong or len(keys) != len(set(keys)) else 0


if __name__ == "__main__":
    sys.exit(main())
