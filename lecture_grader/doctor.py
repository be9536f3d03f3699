"""Looks whether submissions can be shut in on this machine, by trying to break out."""

import itertools
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from typing import NamedTuple

from .grading import Died, StepByStep, Times
from .sandbox import NoSandbox, Sandbox, SandboxBroken


class Finding(NamedTuple):
    """One thing that was looked at: whether it is in order, and what was seen."""

    good: bool
    what: str
    seen: str


TRIES = {
    "no network": "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)",
    "no other processes to signal": "import os\nos.kill(0, 9)",
    "no programs are started": "import subprocess\nsubprocess.run(['/bin/true'])",
    "no processes are made": "import os\nif os.fork() == 0: os._exit(0)",
    "the file system is read-only": "open('/anything', 'w')",
    "nothing shared in /dev/shm": "open('/dev/shm/anything', 'w')",
    "the machine's devices keep their mode": "import os\nos.chmod('/dev/null', 0o666)",
    "a file keeps its times": "import os\nos.utime('/dev/null')",
    "no locks": "import fcntl\nfcntl.flock(open('lock', 'w'), fcntl.LOCK_EX)",
    "no process information": "open('/proc/self/status')",
    "no checks to read": "from lecture_lib.exercises import judge",
    "memory is limited": "x = bytearray(1 << 34)",
}
"""What must fail in the sandbox."""


def examine() -> list[Finding]:
    """Return what was found, in the order in which one would look."""
    findings = look_around()
    if not all(finding.good for finding in findings):
        return findings
    with Sandbox() as sandbox:
        return findings + try_out(sandbox, TRIES)


def look_around() -> list[Finding]:
    """Return what of the machine is seen before a sandbox is made."""
    findings = [Finding(platform.system() == "Linux", "Linux", f"{platform.system()} {platform.release()}")]
    bwrap = shutil.which("bwrap")
    seen = "not installed. Debian and Ubuntu: apt install bubblewrap; Fedora: dnf install bubblewrap"
    if bwrap:
        said = subprocess.run([bwrap, "--version"], capture_output=True, text=True, check=False)
        seen = f"{said.stdout.strip()} at {bwrap}"
    findings.append(Finding(bwrap is not None, "bubblewrap", seen))
    who = "root" if os.getuid() == 0 else f"an ordinary user ({os.getuid()})"
    findings.append(Finding(True, "you are", who))
    return findings


def try_out(sandbox: Sandbox, tries: Mapping[str, str]) -> list[Finding]:
    """Try to break out of a sandbox: each of `tries` is code that must fail there.

    Each is run in a process of its own, so that the sandbox can be used afterwards.
    """
    findings: list[Finding] = []
    try:
        times = [time.perf_counter()]
        for _ in range(2):
            sandbox.new_process()
            times.append(time.perf_counter())
        first, next_one = (1000 * (later - before) for before, later in itertools.pairwise(times))
        seen = f"the first in {first:.0f} ms, the next in {next_one:.0f} ms"
        findings.append(Finding(True, "a sandbox starts", seen))
        lone = "a sandbox of its own, for want of nested namespaces"
        own = "namespaces of its own" if sandbox.nested else lone
        findings.append(Finding(True, "each submission has", own))
        findings += [_tried(sandbox, what, source) for what, source in tries.items()]
    except (NoSandbox, SandboxBroken) as error:
        findings.append(Finding(False, "a sandbox starts", str(error)))
    return findings


def _tried(sandbox: Sandbox, what: str, source: str) -> Finding:
    with closing(StepByStep(sandbox, Times(), time.monotonic() + Times().submission)) as submission:
        found = submission.run(source)
    if found is None:
        return Finding(False, what, "it was possible")
    words = found.words if isinstance(found, Died) else ": ".join(filter(None, (found.kind, found.message)))
    return Finding(True, what, f"the attempt failed ({words})")
