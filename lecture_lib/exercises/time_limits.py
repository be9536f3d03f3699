"""How long a check waits for an answer."""

import contextlib
import signal
import threading
import time
from collections.abc import Generator


class TookTooLong(BaseException):
    """Raised within an answer when its check has waited long enough; no `except Exception` stops it."""


class TimeLimit:
    """So many seconds for all calls of one check together.

    It stops Python code in the main thread, where a notebook runs, on systems that have alarms. Elsewhere,
    an answer that does not come to an end is stopped by hand, as before.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.ends = seconds, time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether no further call is to be made."""
        return time.monotonic() >= self.ends

    @property
    def words(self) -> str:
        """What is said of an answer that was stopped."""
        return f"it was stopped: this check has waited for {self.seconds:g} seconds in all"

    @contextlib.contextmanager
    def kept(self) -> Generator[None]:
        """Stop what runs in here when the time is over."""
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, frame: object) -> None:
            raise TookTooLong(self.words)

        before = signal.signal(signal.SIGALRM, stop)
        begins = time.monotonic()
        theirs, again = signal.setitimer(signal.ITIMER_REAL, max(self.ends - begins, 1e-3))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if theirs:  # an alarm that somebody else had set still rings
                left = max(theirs - (time.monotonic() - begins), 1e-3)
                signal.setitimer(signal.ITIMER_REAL, left, again)
