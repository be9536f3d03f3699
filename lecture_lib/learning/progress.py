"""Progress bars, where tqdm is installed; without it, everything runs the same, silently."""

from __future__ import annotations

from typing import Any

__all__ = ["Bar", "bar"]


class Bar:
    """A bar that shows nothing, and what any bar here can do."""

    def advance(self, note: str = "") -> None:
        """One more is done; the note stands behind the bar."""

    def close(self) -> None:
        """The bar goes."""


class _Tqdm(Bar):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def advance(self, note: str = "") -> None:
        if note:
            self._inner.set_postfix_str(note, refresh=False)
        self._inner.update()

    def close(self) -> None:
        self._inner.close()


def bar(total: int, what: str, wanted: bool = True) -> Bar:
    """A progress bar on standard error, with the time left.

    Parameters
    ----------
    total
        how many there are
    what
        what is counted, such as "steps"
    wanted
        False gives a bar that shows nothing

    Examples
    --------
    >>> steps = bar(3, "steps", wanted=False)
    >>> steps.advance("loss 0.69")
    >>> steps.close()
    """
    if not wanted:
        return Bar()
    try:
        from tqdm import tqdm
    except ImportError:
        return Bar()
    # The plain text bar, in notebooks too: a screen reader reads it, and nothing of it needs the browser.
    return _Tqdm(tqdm(total=total, unit=f" {what}", leave=False, dynamic_ncols=True, mininterval=0.2))
