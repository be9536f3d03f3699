"""Progress bars, where tqdm is installed; without it, everything runs the same, silently."""

import sys
from typing import Any


class Bar:
    """A bar of tqdm's; without one it shows nothing."""

    def __init__(self, inner: Any = None) -> None:
        self._inner = inner

    def advance(self, note: str = "") -> None:
        """One more is done; the note stands behind the bar."""
        if self._inner is not None:
            if note:
                self._inner.set_postfix_str(note, refresh=False)
            self._inner.update()

    def close(self) -> None:
        """The bar goes."""
        if self._inner is not None:
            self._inner.close()


def bar(total: int, what: str, wanted: bool = True) -> Bar:
    """A progress bar with the time left: an output of the cell in a notebook, otherwise on standard error.

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
    options: dict[str, Any] = {"total": total, "unit": f" {what}", "leave": False, "mininterval": 0.2}
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if hasattr(shell, "kernel"):
        # Its own output has one line, whatever bars there are besides: hence position 0.
        return Bar(tqdm(file=_Output(), ncols=80, position=0, **options))
    return Bar(tqdm(dynamic_ncols=True, **options))


class _Output:
    """An output of a notebook's cell that shows the last line written, and is gone when that is empty.

    A notebook shows standard error in red, and keeps a line of either stream when its text is wiped out.
    """

    def __init__(self) -> None:
        self._handle: Any = None

    def write(self, text: str) -> None:
        """Show this line in the place of the one before."""
        line = text.strip("\r\n ")
        bundle = {"text/plain": line} if line else {}
        if self._handle is not None:
            self._handle.update(bundle, raw=True)
        elif line:
            self._handle = sys.modules["IPython.display"].display(bundle, raw=True, display_id=True)

    def flush(self) -> None:
        """Do nothing: what is written is shown at once."""
