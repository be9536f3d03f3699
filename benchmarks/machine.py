"""What the figures were measured on."""

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
