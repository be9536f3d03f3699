"""What students get: the lessons to be filled in, the library without grading, and what sets it up.

The notebooks are made from the lessons' sources, as `solutions/build.py` makes them, so that nothing that
somebody has run or written in `notebooks/` gets in. The solved lessons, their sources, the tests and the
grader stay out. The library stays whole otherwise: a check in the student's own notebook needs to know what
is right, and whoever reads `lecture_lib/lessons` can see how it knows. What a class is graded by is not in
there: the inputs that nobody has seen.
"""

import re
from pathlib import Path

from lecture_grader.sandbox import LIBRARY

from .project import CannotExport, Project, read_project
from .zipped import package, write_zip

_OURS = Path(__file__).parent / "for_students"
_AS_THEY_ARE = (
    "LICENSE",
    "requirements.txt",
    "tools/environment",
    "tools/lab",
    "binder/jupyter_config.json",
    "binder/postBuild",
    "binder/requirements.txt",
    "binder/runtime.txt",
)
_PROGRAMS = ("tools/environment", "tools/lab", "binder/postBuild")
_SECTIONS = ("[build-system", "[project", "[tool.hatch")
_EXTRAS = ("[project.optional-dependencies]", "[project.scripts]")
"""The parts of pyproject.toml that set the library up; the others are for those who work on it."""


def export_release(path: Path, project: Project | None = None) -> Path:
    """Write the zip that students get.

    Raises
    ------
    CannotExport
        If the project's files are not there.
    """
    project = project or read_project()
    files = release_files(project)
    folder = path.stem
    inside = {f"{folder}/{name}": content for name, content in files.items()}
    write_zip(path, inside, [f"{folder}/{name}" for name in _PROGRAMS])
    return path


def release_files(project: Project) -> dict[str, bytes]:
    """Return the files that students get, by name."""
    files = package(LIBRARY)
    for lesson in project.lessons:
        text = str(project.build.to_text(project.build.student_version(lesson)))
        files[f"notebooks/{lesson.student_path.name}"] = text.encode()
    for name in _AS_THEY_ARE:
        files[name] = (project.root / name).read_bytes()
    files["pyproject.toml"] = _setup(_text(project, "pyproject.toml")).encode()
    files["Makefile"] = (_OURS / "Makefile").read_bytes()
    words = (_OURS / "README.md").read_text(encoding="utf-8")
    files["README.md"] = words.replace(
        "{lessons}", _section(_text(project, "README.md"), "The lessons")
    ).encode()
    return files


def _text(project: Project, name: str) -> str:
    return (project.root / name).read_text(encoding="utf-8")


def _setup(pyproject: str) -> str:
    """Return the sections of pyproject.toml that set the library up, without remarks on the others."""
    parts = re.split(r"^(?=\[)", re.sub(r"^#.*\n", "", pyproject, flags=re.MULTILINE), flags=re.MULTILINE)
    kept = [part for part in parts if part.startswith(_SECTIONS) and not part.startswith(_EXTRAS)]
    return "".join(kept).replace(', "lecture_grader"', "").rstrip() + "\n"


def _section(readme: str, title: str) -> str:
    """Return the table that stands under a title of README.md."""
    found = re.search(rf"^## {title}\n\n((?:\|.*\n)+)", readme, re.MULTILINE)
    if found is None:
        raise CannotExport(f'README.md has no table under "## {title}"')
    return found[1].rstrip()
