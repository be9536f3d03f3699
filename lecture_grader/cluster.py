"""Workers on other machines: a Dask scheduler hands out the chunks, when one machine is not enough.

What travels is plain data: a notebook's bytes and the run's settings there, its result back; no path does.
Dask hands out again what a lost worker had. Whoever can reach its scheduler can run code on its workers, so
that it belongs in a network of one's own, or behind Dask's own TLS.
"""

import asyncio
import contextlib
import functools
import importlib
import logging
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

from .graded import Graded
from .grading import Task, checks_version, grade_chunk
from .workers import WorkerDied

_PATIENCE = 5.0  # seconds for a scheduler to answer, and for the first worker to come
_NO_ANSWER = (OSError, ValueError, TypeError, AssertionError)
"""What Dask raises where nothing answers, the address is none, or tls:// lacks its settings."""


class NoCluster(RuntimeError):
    """The scheduler or its workers cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """A scheduler that answers, and has workers."""

    address: str
    client: Any

    def executor(self) -> Executor:
        """Return an executor whose chunks are graded by the scheduler's workers."""
        return _OnCluster(self)

    def at_once(self) -> int:
        """How many chunks to hand out at once: so many that no worker waits, however many there are now."""
        try:
            threads = cast("dict[str, int]", self.client.ncores())
        except (OSError, ValueError) as error:
            raise self.lost() from error
        return 2 * max(1, sum(threads.values()))

    def lost(self) -> NoCluster:
        """Return what to say when the scheduler has gone."""
        return NoCluster(
            f"The scheduler at {self.address} has gone. What was graded is kept: start the scheduler and its"
            " workers again, and give the same command again."
        )


@contextlib.contextmanager
def connected(address: str, patience: float = _PATIENCE) -> Generator[Cluster]:
    """Connect to a Dask scheduler: `tcp://host:8786`.

    Raises
    ------
    NoCluster
        If Dask is not installed, nothing answers at the address, or the scheduler has no workers.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
        config: Any = importlib.import_module("dask.config")
    except ImportError as error:
        raise NoCluster(
            f"Dask is not installed here ({error}). From the top of the repository:"
            " python -m pip install -e '.[grader,dask]'"
        ) from error
    # A chunk's notebooks travel within its task, and so outlive any worker: that they are large is known.
    with _no_logs(), config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
        try:
            _knock(distributed, address, patience)
            client = distributed.Client(address, timeout=patience, set_as_default=False)
        except _NO_ANSWER as error:
            raise NoCluster(
                f"No Dask scheduler answers at {address or 'an empty address'}. Start one there with"
                " `dask scheduler`; it says its address, such as tcp://host:8786."
                + (f" ({error})" if str(error) else "")
            ) from error
        with client:
            try:
                client.wait_for_workers(1, timeout=patience)
            except OSError as error:
                raise NoCluster(
                    f"The scheduler at {address} has no workers. On each machine that is to grade, start"
                    f" `dask worker {address} --nworkers auto --nthreads 1`."
                ) from error
            yield Cluster(address, client)


def _knock(distributed: Any, address: str, patience: float) -> None:
    """Raise what Dask raises where no scheduler answers at the address.

    A client is made only where one does. One that cannot connect stays behind half made, and where Python
    closes it in the midst of another one's start, the two wait for each other for ever.
    """

    async def knock() -> None:
        settings = distributed.Security().get_connection_args("client")
        comm = await distributed.comm.connect(address, timeout=patience, **settings)
        await comm.close()

    with ThreadPoolExecutor(1) as apart:  # a loop may be running in this thread
        apart.submit(lambda: asyncio.run(knock())).result()


@contextlib.contextmanager
def _no_logs() -> Generator[None]:
    """Keep Dask's own logs from the terminal: what goes wrong is said by us, once."""
    with contextlib.ExitStack() as stack:
        for name in ("distributed", "tornado.application"):
            logger = logging.getLogger(name)
            for handler in [logger, *logger.handlers]:
                stack.callback(handler.setLevel, handler.level)
                handler.setLevel(logging.CRITICAL + 1)
        yield


class _There(Future[Any]):
    """What will come of a chunk that a worker has been given: only the executor's end takes it back."""

    def cancel(self) -> bool:
        """Leave it at work, as an executor does with what is running."""
        return False


class _OnCluster(Executor):
    """Grades on a cluster; a fault there is brought back in our words."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._pool: Executor = cluster.client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand out a chunk."""
        if fn is not grade_chunk or kwargs:
            raise TypeError(f"a cluster grades chunks, and nothing else: {fn}")
        theirs = self._pool.submit(grade_there, args[0])
        ours = _There()
        theirs.add_done_callback(functools.partial(self._hand_on, ours))
        return ours

    def _hand_on(self, ours: Future[Any], theirs: Future[Any]) -> None:
        """Give our future what came of theirs."""
        if not ours.set_running_or_notify_cancel():
            return
        try:
            ours.set_result(theirs.result())
        except CancelledError:
            ours.set_exception(self._cluster.lost())
        except ImportError as error:
            ours.set_exception(
                NoCluster(f"A worker lacks what grading needs; install the same there as here. ({error})")
            )
        except Exception as error:
            killed = type(error).__name__ == "KilledWorker"
            ours.set_exception(WorkerDied(str(error)) if killed else error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End, and with `cancel_futures` take back what was handed out here; the connection stays."""
        self._pool.shutdown(wait and not cancel_futures)


def grade_there(tasks: Sequence[Task]) -> list[Graded]:
    """Grade a chunk on a worker, whose checks must be those of the run.

    Raises
    ------
    NoCluster
        If they are others: its points would not be comparable.
    """
    if any(task.version != _version_here() for task in tasks):
        raise NoCluster(
            "A worker has other checks, or another NumPy, than this machine: install the same version of both"
            " on all of them."
        )
    return grade_chunk(tasks)


_version_here = functools.cache(checks_version)
