"""The command line of bubblewrap: what a submission sees of the machine, and may not write."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

from .stage import GRADER, LIBRARY, numpy_folders

INSIDE = Path("/sandbox")
HOME = "/home/student"
HOME_BYTES = 8_000_000
ROOT = "/root-in-memory"
"""What submissions have as their root, where they have namespaces of their own, see `in_memory`."""
ENVIRONMENT = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "LANG": "C.UTF-8",
    "TQDM_DISABLE": "1",
    "LECTURE_PROGRESS": "off",
    "PYTHONHASHSEED": "0",  # the order of a set is the same for every student and in every run
}
"""What the warm process is told, in whatever sandbox."""


def interpreter() -> Path:
    """Return the real interpreter, not a virtual environment's link to it."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def bubblewrap_command(bwrap: str, stage: Path, nested: bool) -> list[str]:
    """Return the command line of bubblewrap, up to what is to be run in it."""
    command = [bwrap, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv"]
    command += ["--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]
    if not nested and _knows(bwrap, "--disable-userns"):
        command += ["--disable-userns"]
    roots = [Path("/usr")]
    unseen: list[Path] = []
    if not interpreter().is_relative_to("/usr"):
        own, unseen = interpreters_places(Path(sys.base_prefix).resolve(), interpreter())
        roots += own
    for name in ("lib", "lib64", "lib32", "bin"):
        path = Path("/", name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            roots.append(path)
    for root in roots:
        command += ["--ro-bind", str(root), str(root)]
    for name in ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime"):
        command += ["--ro-bind-try", name, name]
    for hidden in sorted({*unseen, *hidden_places(roots)}):
        command += ["--tmpfs", str(hidden), "--remount-ro", str(hidden)]
    command += ["--ro-bind", str(stage), str(INSIDE)]
    for source in numpy_folders():
        command += ["--ro-bind", str(source), str(INSIDE / "lecture_lib" / "packages" / source.name)]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(HOME_BYTES), "--tmpfs", HOME]
    for place in ("/tmp", "/var/tmp"):
        if not any(root.is_relative_to(place) for root in roots):
            command += ["--symlink", HOME, place]
    for name, value in {
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "TMPDIR": HOME,
        **ENVIRONMENT,
    }.items():
        command += ["--setenv", name, value]
    if nested:
        command += ["--tmpfs", ROOT, "--dev", f"{ROOT}/dev"]
        command += ["--dir", f"{ROOT}{HOME}", "--dir", f"{ROOT}/proc"]
    for root in ["", *[ROOT] * nested]:
        command += ["--tmpfs", f"{root}/dev/pts"]  # a terminal nobody needs
        for mount in (f"{root}/dev/pts", f"{root}/dev"):
            command += ["--remount-ro", mount]
    command += ["--remount-ro", "/"]
    return [*command, "--chdir", HOME]


def interpreters_places(prefix: Path, python: Path) -> tuple[list[Path], list[Path]]:
    """Return what of an interpreter's own folder is needed, and what within that must not be seen.

    Such a folder may be a conda environment, with packages, other environments and settings of somebody's in
    it: of these only the interpreter, its standard library and the libraries in C are there.
    """
    library = prefix / "lib"
    standard = Path(sysconfig.get_path("stdlib")).resolve()
    inner = library.iterdir() if library.is_dir() else ()
    folders = [path for path in inner if path.is_dir() and not path.is_symlink() and path != standard]
    packages = [path for name in ("site-packages", "dist-packages") if (path := standard / name).is_dir()]
    return [python, *dict.fromkeys((library, standard))], [*folders, *packages]


def _knows(bwrap: str, option: str) -> bool:
    shown = subprocess.run([bwrap, "--help"], capture_output=True, text=True, check=False)
    return option in shown.stdout + shown.stderr


def hidden_places(roots: list[Path]) -> list[Path]:
    """Return what lies beneath the folders of the interpreter and must not be seen: lecture_lib itself.

    Where it runs from a folder of the project, all of the project: its solutions lie beside it.
    """
    places = {LIBRARY, GRADER}
    if (LIBRARY.parent / "pyproject.toml").exists():
        places = {LIBRARY.parent}
    for name in ("purelib", "platlib"):  # a second installation, in the interpreter's own packages
        packages = Path(sysconfig.get_path(name, vars={"base": sys.base_prefix}))
        places |= {packages / LIBRARY.name, packages / GRADER.name}
    return sorted(
        place
        for place in places
        if place.is_dir() and any(place.resolve().is_relative_to(root) for root in roots)
    )
