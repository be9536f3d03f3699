"""Makes each lesson's two notebooks from its one source, `solutions/NN_title.py`.

    python solutions/build.py             every lesson
    python solutions/build.py 03 05       these lessons
    python solutions/build.py --check     writes nothing; says which notebooks are stale

`notebooks/NN_title.ipynb` is what a student opens: no answers, no outputs. `solutions/NN_title.ipynb` is the
solved one, executed, with its outputs. The same source and library give the same bytes.

A source is a notebook in the percent format (`# %%`, `# %% [markdown]`). A cell's marker may say

    # %% exercise="softmax"                       the one cell where this exercise is answered
    # %% exercise="schedules" defines=["linear_decay", "exponential_decay"]
    # %% tags=["nbval-ignore-output"]             the output differs between machines: not compared

and in a code cell an answer stands between the lines `# BEGIN SOLUTION` and `# END SOLUTION`. For the
student an answer inside a function becomes `raise NotImplementedError(...)`, and one outside becomes
`name = ...` for each name that it assigns. Where the student is to find something else, it stands in
comments between the lines `# INSTEAD` and `# END SOLUTION`.

An exercise's points stand in its lesson's folder, and nowhere else: the heading of its section,
"### Exercise `softmax` ({points})", and the table of lessons in README.md get them from there. How long a
lesson takes stands at its top, "**Time:** 50 to 75 minutes": README.md gets its minutes and the hours of all
from there.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import math
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
STUB = 'raise NotImplementedError("write your answer here")'
MOST_LINES = 25
HEADING = re.compile(r"# #+ Exercise `(?P<exercise>\w+)` \((?P<points>.*)\)")
README_ROW = re.compile(
    r"^(?P<row>\| \[`(?P<lesson>\d\d)_\w+`\][^|]*\|[^|]*\|)(?P<minutes>[^|]*)\|[^|]*\|$", re.MULTILINE
)
README_HOURS = re.compile(r"(?<=All lessons together take )\d+ to \d+(?= hours)")
TIME = re.compile(r"\*\*Time:\*\* (two sittings of )?(\d+) to (\d+) minutes")
BEGIN, INSTEAD, END = "# BEGIN SOLUTION", "# INSTEAD", "# END SOLUTION"
MARKER_KEYS = {"exercise", "defines", "tags"}
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    # No version: it would differ between the machines that build.
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")


class BuildError(Exception):
    """A source that cannot be built; the message begins with the file and the line."""


@dataclass(frozen=True)
class Region:
    """An answer in a cell: the lines `first` to `last`, markers included, counted in the cell from 0."""

    first: int
    last: int
    answer: tuple[str, ...]
    stub: tuple[str, ...]
    """The lines that stand in its place in the student's notebook."""


@dataclass(frozen=True)
class Cell:
    """A cell of a source."""

    kind: str  # "markdown" or "code"
    source: str
    line: int  # where its text begins in the file
    exercise: str | None = None
    tags: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()

    @property
    def solved(self) -> str:
        """Its text with the answers."""
        return replace_regions(self, lambda region: region.answer)

    @property
    def student(self) -> str:
        """Its text with stubs for answers."""
        return replace_regions(self, lambda region: region.stub)


@dataclass(frozen=True)
class Lesson:
    """A source, read and found sound."""

    path: Path
    cells: tuple[Cell, ...]

    @property
    def student_path(self) -> Path:
        """Where the student's notebook goes."""
        return self.path.parent.parent / "notebooks" / f"{self.path.stem}.ipynb"

    @property
    def solved_path(self) -> Path:
        """Where the solved notebook goes."""
        return self.path.with_suffix(".ipynb")


# Reading a source ----------------------------------------------------------------------------------


def parse(path: Path, text: str | None = None) -> Lesson:
    """Read a lesson's source, and check it.

    Parameters
    ----------
    path : Path
        The source.
    text : str, optional
        What stands in it, where that is known already.

    Raises
    ------
    BuildError
        If anything is wrong with it: says the line.
    """
    if text is None:
        text = path.read_text(encoding="utf-8")
    text = with_points(path, text)
    notebook = jupytext.reads(text, fmt="py:percent")
    marker_lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"# ?%%", line)]
    if len(marker_lines) != len(notebook.cells):
        first = marker_lines[0] if marker_lines else 1
        raise BuildError(
            f"{path}:{first}: {len(marker_lines)} lines begin with '# %%' and {len(notebook.cells)} cells "
            "were read: every cell, the first too, begins with such a line, and no other line does"
        )
    cells: list[Cell] = []
    for node, marker in zip(notebook.cells, marker_lines, strict=True):
        cell = parse_cell(path, node, marker)
        twins = [c for c in cells if c.exercise is not None and c.exercise == cell.exercise]
        if twins:
            raise BuildError(
                f"{path}:{marker}: exercise {cell.exercise!r} has a cell already, at line {twins[0].line - 1}"
            )
        cells.append(cell)
    return Lesson(path, tuple(cells))


def with_points(path: Path, text: str) -> str:
    """Put each exercise's points into the heading of its section."""
    from lecture_lib.lessons import EXERCISES

    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = HEADING.match(line)
        if found is None:
            continue
        if found["points"] != "{points}":
            raise BuildError(f"{path}:{number}: write ({{points}}): they stand in the lesson's exercises.py")
        if found["exercise"] not in EXERCISES:
            raise BuildError(f"{path}:{number}: no lesson's exercises.py has {found['exercise']!r}")
        points = EXERCISES[found["exercise"]].points
        words = f"{points:g} point{'' if points == 1 else 's'}" if points else "no points"
        lines[number - 1] = line.replace("{points}", words)
    return "\n".join(lines)


def parse_cell(path: Path, node: NotebookNode, marker: int) -> Cell:
    """Read one cell, whose `# %%` stands at line `marker`."""
    line = marker + 1
    node.metadata.pop("lines_to_next_cell", None)  # jupytext's own note on blank lines
    unknown = set(node.metadata) - MARKER_KEYS
    if unknown:
        raise BuildError(
            f"{path}:{marker}: a cell's marker says {', '.join(sorted(unknown))}; "
            f"it may say {', '.join(sorted(MARKER_KEYS))}"
        )
    exercise = node.metadata.get("exercise")
    tags = tuple(node.metadata.get("tags", ()))
    if node.cell_type != "code":
        if exercise is not None:
            raise BuildError(f"{path}:{marker}: exercise {exercise!r} is a text cell; it must be a code cell")
        return Cell("markdown", node.source, line, tags=tags)

    tree = parse_code(path, node.source, line)
    lines = node.source.splitlines()
    code_lines = [text for text in lines if text.strip() and not text.strip().startswith("#")]
    if len(code_lines) > MOST_LINES:
        raise BuildError(f"{path}:{line}: a cell of {len(code_lines)} lines of code; at most {MOST_LINES}")
    cell = Cell("code", node.source, line, exercise, tags, tuple(find_regions(path, node.source, line)))
    parse_code(path, cell.student, line)
    if exercise is not None:
        if not cell.regions:
            raise BuildError(f"{path}:{line}: exercise {exercise!r} has no lines {BEGIN} and {END}")
        for name in node.metadata.get("defines", [exercise]):
            if name not in defined_names(tree):
                raise BuildError(f"{path}:{line}: the cell of exercise {exercise!r} does not define {name}")
    elif "defines" in node.metadata:
        raise BuildError(f"{path}:{marker}: defines=... without exercise=...")
    return cell


def parse_code(path: Path, source: str, line: int) -> ast.Module:
    """Parse a code cell's text, or say where it is no Python."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise BuildError(f"{path}:{line + (error.lineno or 1) - 1}: no Python: {error.msg}") from error


def find_regions(path: Path, source: str, line: int) -> Iterator[Region]:
    """Find the answers in a code cell's text, which begins at `line` of the file."""
    begin: int | None = None
    lines = source.splitlines()
    for number, text in enumerate(lines):
        here = f"{path}:{line + number}"
        if text.strip() == BEGIN:
            if begin is not None:
                raise BuildError(f"{here}: {BEGIN} again; the one at line {line + begin} has no {END} yet")
            begin = number
        elif text.strip() == END:
            if begin is None:
                raise BuildError(f"{here}: {END} without {BEGIN} before it in the cell")
            yield make_region(path, lines, begin, number, line)
            begin = None
        elif re.search(r"(BEGIN|END)\s*SOLUTION", text, re.IGNORECASE):
            raise BuildError(f"{here}: {text.strip()!r} was read; the line is exactly {BEGIN} or {END}")
    if begin is not None:
        raise BuildError(f"{path}:{line + begin}: {BEGIN} without {END} after it in the cell")


def make_region(path: Path, lines: list[str], first: int, last: int, line: int) -> Region:
    """Make the region between two marker lines, and check that a stub can be made of it."""
    marker = lines[first]
    indentation = marker[: len(marker) - len(marker.lstrip())]
    inside = [text.removeprefix(indentation) for text in lines[first + 1 : last]]
    instead = next((place for place, text in enumerate(inside) if text.strip() == INSTEAD), len(inside))
    tree = parse_code(path, "\n".join(inside[:instead]), line + first + 1)
    if not tree.body:
        raise BuildError(f"{path}:{line + first}: nothing stands between {BEGIN} and {END}")
    answer = tuple(lines[first + 1 : first + 1 + instead])
    if instead < len(inside):
        given = inside[instead + 1 :]
        for number, text in enumerate(given, line + first + 2 + instead):
            if not text.startswith("#"):
                raise BuildError(f"{path}:{number}: after {INSTEAD} each line is a comment")
        return Region(first, last, answer, tuple(indentation + re.sub("^# ?", "", text) for text in given))
    if indentation:
        return Region(first, last, answer, (indentation + STUB,))
    names = assigned_names(tree.body)
    if not names:
        raise BuildError(
            f"{path}:{line + first}: an answer outside a function assigns no name, so the student has "
            f"nothing to fill in: assign one, or put {BEGIN} inside the function, beneath its 'def'"
        )
    return Region(first, last, answer, tuple(f"{name} = ..." for name in names))


def assigned_names(statements: Sequence[ast.stmt]) -> list[str]:
    """List the names that assignments give a value to, each once, in order."""
    found: dict[str, None] = {}
    for statement in statements:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        for target in targets:
            found.update(dict.fromkeys(n.id for n in ast.walk(target) if isinstance(n, ast.Name)))
    return list(found)


def defined_names(tree: ast.Module) -> set[str]:
    """List the names that a cell defines at its top level."""
    functions = {s.name for s in tree.body if isinstance(s, ast.FunctionDef | ast.ClassDef)}
    return functions | set(assigned_names(tree.body))


# The two notebooks ---------------------------------------------------------------------------------


def replace_regions(cell: Cell, replacement: Callable[[Region], Sequence[str]]) -> str:
    """Give a cell's text with each region's lines replaced by `replacement(region)`."""
    lines = cell.source.splitlines()
    result: list[str] = []
    position = 0
    for region in cell.regions:
        result += [*lines[position : region.first], *replacement(region)]
        position = region.last + 1
    return "\n".join(result + lines[position:])


def student_version(lesson: Lesson) -> NotebookNode:
    """Make the notebook that a student opens: stubs for answers, no outputs."""
    return make_notebook(lesson, [cell.student for cell in lesson.cells])


def solved_version(lesson: Lesson) -> NotebookNode:
    """Make the notebook with the answers, not executed yet. Made into slides, each text begins one."""
    notebook = make_notebook(lesson, [cell.solved for cell in lesson.cells])
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            begins_section = cell.source.startswith(("# ", "## "))
            cell.metadata["slideshow"] = {"slide_type": "slide" if begins_section else "subslide"}
    return notebook


def make_notebook(lesson: Lesson, sources: Sequence[str]) -> NotebookNode:
    """Make a notebook of a lesson's cells with these texts."""
    cells: list[NotebookNode] = []
    for cell, identity, source in zip(lesson.cells, cell_ids(lesson), sources, strict=True):
        node = (
            nbformat.v4.new_code_cell(source, id=identity)
            if cell.kind == "code"
            else nbformat.v4.new_markdown_cell(source, id=identity)
        )
        if cell.tags:
            node.metadata["tags"] = list(cell.tags)
        if cell.exercise is not None:
            node.metadata["lecture"] = {"exercise": cell.exercise}
            node.metadata["deletable"] = False
        cells.append(node)
    return nbformat.v4.new_notebook(cells=cells, metadata=nbformat.from_dict(METADATA), nbformat_minor=5)


def cell_ids(lesson: Lesson) -> list[str]:
    """Derive each cell's id from what stands in it: the same in every build and in both notebooks."""
    seen: dict[str, int] = {}
    ids: list[str] = []
    for cell in lesson.cells:
        if cell.exercise is not None:
            ids.append(f"exercise-{cell.exercise}")
            continue
        seen[cell.source] = seen.get(cell.source, 0) + 1
        content = "\0".join([lesson.path.stem, cell.kind, cell.source, str(seen[cell.source])])
        ids.append(hashlib.sha256(content.encode()).hexdigest()[:12])
    return ids


def execute(lesson: Lesson, notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook of this lesson from top to bottom in `folder`, and give it with its outputs.

    Raises
    ------
    BuildError
        If a cell fails, writes to stderr (a warning, say), or shows a memory address, which changes.
    """
    executed = nbformat.from_dict(notebook)
    client = NotebookClient(
        executed,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        failed = next(
            cell
            for cell, node in zip(lesson.cells, executed.cells, strict=True)
            if any(output.output_type == "error" for output in node.get("outputs", ()))
        )
        raise BuildError(
            f"{lesson.path}:{failed.line}: this cell fails: {error.ename}: {error.evalue}"
        ) from error
    executed.metadata = nbformat.from_dict(METADATA)
    for cell, node in zip(lesson.cells, executed.cells, strict=True):
        if cell.kind == "code":
            cleaned = [clean_output(lesson, cell, output) for output in node.outputs]
            node.outputs = [output for output in cleaned if output.get("data", output)]
    return executed


def clean_output(lesson: Lesson, cell: Cell, output: NotebookNode) -> NotebookNode:
    """Give an output as it is saved: the still picture and its words, not the live widget."""
    here = f"{lesson.path}:{cell.line}"
    if output.output_type == "stream" and output.name == "stderr":
        raise BuildError(f"{here}: this cell writes to stderr: {output.text.strip()}")
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
    texts = [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    for text in texts:
        if found := ADDRESS.search(text):
            raise BuildError(f"{here}: this cell shows a memory address, {found.group()}, which changes")
    return output


# Files ---------------------------------------------------------------------------------------------


def to_text(notebook: NotebookNode) -> str:
    """Give a notebook as the text of its file."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Give a notebook as it was before it was executed."""
    bare = nbformat.from_dict(notebook)
    for node in bare.cells:
        if node.cell_type == "code":
            node.outputs, node.execution_count = [], None
    return bare


def write(notebook: NotebookNode, path: Path) -> bool:
    """Write a notebook if its file says something else; say whether it was written."""
    text = to_text(notebook)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def build(lesson: Lesson) -> None:
    """Write both notebooks of a lesson, and print what was done."""
    solved = execute(lesson, solved_version(lesson), lesson.path.parent)
    for notebook, path in [(student_version(lesson), lesson.student_path), (solved, lesson.solved_path)]:
        print(f"{relative(path)}: {'written' if write(notebook, path) else 'as it was'}", flush=True)


def stale(lesson: Lesson) -> list[str]:
    """List what is wrong with a lesson's notebooks, each in a sentence.

    What the outputs say is not compared here: nbval does that.
    """
    number = lesson.path.stem[:2]
    rebuild = f"rebuild it with 'make lessons LESSONS={number}'"
    problems: list[str] = []
    for path, expected in [
        (lesson.student_path, student_version(lesson)),
        (lesson.solved_path, solved_version(lesson)),
    ]:
        if not path.exists():
            problems.append(f"{relative(path)} is missing: {rebuild}")
            continue
        found = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        counts = [node.execution_count for node in found.cells if node.cell_type == "code"]
        if path == lesson.solved_path:
            if counts != list(range(1, len(counts) + 1)):
                problems.append(f"{relative(path)} was not executed from top to bottom: {rebuild}")
            found = without_outputs(found)
        if to_text(found) != to_text(expected):
            problems.append(f"{relative(path)} is not what {relative(lesson.path)} makes: {rebuild}")
    return problems


def sources(root: Path = ROOT) -> list[Path]:
    """List the lessons' sources."""
    return sorted((root / "solutions").glob("[0-9][0-9]_*.py"))


def minutes_of(source: Path) -> tuple[int, int]:
    """Give the least and the most minutes that a lesson takes, as it says at its top."""
    found = TIME.search(" ".join(source.read_text(encoding="utf-8").replace("\n# ", " ").split()))
    if found is None:
        raise BuildError(
            f'{relative(source)}: say at its top how long it takes: "**Time:** 50 to 75 minutes"'
        )
    sittings = 2 if found[1] else 1
    return sittings * int(found[2]), sittings * int(found[3])


def filled_readme(text: str, root: Path = ROOT) -> str:
    """Put each lesson's minutes and points into README's table, and beneath it the hours of all."""
    from lecture_lib.lessons import EXERCISES

    minutes = {path.name[:2]: minutes_of(path) for path in sources(root)}

    def row(found: re.Match[str]) -> str:
        lesson = found["lesson"]
        said = "{}–{}".format(*minutes[lesson]) if lesson in minutes else found["minutes"].strip()
        points = sum(each.points for each in EXERCISES.values() if each.lesson == lesson)
        return f"{found['row']} {said} | {points:g} |"

    hours = [f"{math.ceil(sum(each) / 60)}" for each in zip(*minutes.values(), strict=True)]
    return README_HOURS.sub(" to ".join(hours), README_ROW.sub(row, text))


def stale_readme(root: Path = ROOT) -> list[str]:
    """List what is wrong with README's table of lessons, each in a sentence."""
    text = (root / "README.md").read_text(encoding="utf-8")
    rows = {found["lesson"] for found in README_ROW.finditer(text)}
    problems = [
        f"README.md has no row for {path.name[:-3]}" for path in sources(root) if path.name[:2] not in rows
    ]
    if filled_readme(text, root) != text:
        problems.append("README.md does not have the lessons' minutes and points: 'make lessons' writes them")
    return problems


def orphans(root: Path = ROOT) -> list[Path]:
    """List the notebooks that no source makes."""
    stems = {path.stem for path in sources(root)}
    notebooks = [*(root / "notebooks").glob("*.ipynb"), *(root / "solutions").glob("*.ipynb")]
    return sorted(path for path in notebooks if path.stem not in stems)


def relative(path: Path) -> Path:
    """Give a path as one writes it at the top of the repository."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, or check; give the exit code."""
    parser = argparse.ArgumentParser(description="Make the notebooks from solutions/NN_title.py.")
    parser.add_argument("numbers", nargs="*", metavar="NN", help="a lesson's number (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing; say which notebooks are stale")
    options = parser.parse_args(arguments)
    os.environ["TQDM_DISABLE"] = "1"  # a progress bar's times differ at each run
    os.environ["LECTURE_PROGRESS"] = "off"  # and so do the points that were earned elsewhere
    paths = sources()
    for number in options.numbers:
        if not any(path.name.startswith(f"{number}_") for path in paths):
            parser.error(f"there is no solutions/{number}_*.py")
    chosen = [p for p in paths if not options.numbers or p.name[:2] in options.numbers]
    try:
        lessons = [parse(path) for path in chosen]
        if options.check:
            problems = [problem for lesson in lessons for problem in stale(lesson)]
            problems += [f"{relative(path)} has no source in solutions/: delete it" for path in orphans()]
            problems += stale_readme()
            print("\n".join(problems or ["every notebook is what its source makes"]))
            return 1 if problems else 0
        for lesson in lessons:
            build(lesson)
        readme = ROOT / "README.md"
        filled = filled_readme(readme.read_text(encoding="utf-8"))
        readme.write_text(filled, encoding="utf-8", newline="\n")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
