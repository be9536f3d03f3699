"""What holds for every test, the notebooks' cells among them."""

import os
import sys
import tempfile
import uuid

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager

# A progress bar's times differ at each run: the kernels that nbval starts inherit this.
os.environ["TQDM_DISABLE"] = "1"
# Several workers share the processors, and so do the kernels that they start. With a thread for each
# processor in each of them, small products would wait hundreds of times as long as they take.
for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
# Grading needs Linux's namespaces; elsewhere even its modules do not import.
collect_ignore_glob = [] if sys.platform == "linux" else ["lecture_grader/*", "tests/grader/*"]

# So does a file of points earned in other notebooks.
os.environ["LECTURE_PROGRESS"] = "off"


def _kernel_at_a_path(**options):
    """Prepare a kernel that listens at a path of its own, not at a port that another one can take first."""
    place = os.path.join(tempfile.gettempdir(), f"kernel-{uuid.uuid4().hex}.json")
    return KernelManager(transport="ipc", connection_file=place, **options)


if sys.platform != "win32":  # which has no such paths
    nbval.kernel.KernelManager = _kernel_at_a_path


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a skipped test is a failed one: CI has everything that the tests need."""
    report = (yield).get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {reason}"
