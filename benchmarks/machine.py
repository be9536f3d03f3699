"""What the figures were measured on, and how much of its processors was used."""

import functools
import os
import platform
import subprocess
from datetime import date
from pathlib import Path

import numpy as np


def machine() -> dict[str, str]:
    """Describe the machine and the state of the code, each by a name."""
    return {
        "date": date.today().isoformat(),
        "code": _commit(),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
        "NumPy's BLAS": _blas(),
        "load before": f"{os.getloadavg()[0]:.1f} processes waiting for a core (0 is best)",
    }


def processor_seconds() -> float | None:
    """Return what this process and all that it started have used of the processors; None if nobody counts.

    Linux counts it by control groups, whoever waits for a process that has ended; they need root.
    """
    group = _own_group()
    if group is None:
        return None
    if (usage := group / "cpuacct.usage").exists():  # of Linux's first kind of groups
        return int(usage.read_text()) / 1e9
    return int((group / "cpu.stat").read_text().split()[1]) / 1e6


@functools.cache
def _own_group() -> Path | None:
    """Go into a control group of one's own."""
    for groups in ("/sys/fs/cgroup/cpuacct", "/sys/fs/cgroup"):
        group = Path(groups, "lecture-benchmark")
        try:
            group.mkdir(exist_ok=True)
            (group / "cgroup.procs").write_text(str(os.getpid()))
        except OSError:
            continue
        return group
    return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _blas() -> str:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}"


def _commit() -> str:
    """Return the commit; marked if anything but earlier results has changed since."""
    changed = ["status", "--porcelain", "--", ":/", ":(top,exclude)benchmarks/results"]
    try:
        return _git("describe", "--always") + ("-dirty" if _git(*changed) else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    command, here = ["git", *arguments], Path(__file__).parent
    return subprocess.run(command, cwd=here, capture_output=True, text=True, check=True).stdout.strip()
