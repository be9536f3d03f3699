"""An answer that does not come to an end is stopped, and the verdict says so."""

import signal

import numpy as np
import pytest

from lecture_lib.exercises import checking
from lecture_lib.lessons import check
from tests.points import worth

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no alarms on this system")


@pytest.fixture(autouse=True)
def short_patience(monkeypatch):
    monkeypatch.setattr(checking, "LONGEST", 0.2)


def softmax(z):
    while True:
        try:
            np.exp(z)
        except Exception:
            return z


def backward(root):
    turns = 0
    while turns < 10**12:
        turns += 1
    return {root: 1.0}


@pytest.mark.parametrize("answer", [softmax, backward])
def test_a_loop_without_an_end_is_stopped_and_what_was_waited_for_is_said(answer):
    before = signal.getsignal(signal.SIGALRM)
    verdict = check(answer.__name__, answer)
    assert (verdict.state, verdict.points) == ("error", 0.0)
    assert verdict.failure.kind == "TookTooLong"
    assert "this check has waited for 0.2 seconds in all" in verdict.message
    assert "was not tried" in verdict.message
    assert "Does its loop come to an end" in verdict.message
    assert signal.getsignal(signal.SIGALRM) is before


def test_an_alarm_that_was_set_before_the_check_still_rings():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        check("softmax", softmax)
        signal.sigtimedwait([], 0.1) if hasattr(signal, "sigtimedwait") else signal.pause()
        assert rung == [signal.SIGALRM]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_what_was_right_before_the_time_was_over_counts():
    calls = []

    def shares(z):
        calls.append(z)
        while max(z) > 100:
            pass
        return np.exp(z - z.max()) / np.exp(z - z.max()).sum()

    verdict = check("softmax", shares)
    assert [result.state for result in verdict.results] == ["passed", "error"]
    assert verdict.points == worth("softmax", 0)


@pytest.fixture
def ctrl_c():
    """Let Ctrl-C do what it does in a notebook, where the tests run in the background, too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_check_that_is_stopped_by_hand_says_which_function_was_running(monkeypatch, ctrl_c):
    monkeypatch.setattr(checking, "LONGEST", 60)

    def softmax(z):
        signal.raise_signal(signal.SIGINT)
        return z

    with pytest.raises(KeyboardInterrupt, match="stopped by hand while softmax was running"):
        check("softmax", softmax)


def test_a_function_that_sometimes_gives_none_is_told_so():
    def converged(before, after, tau):
        if np.linalg.norm(after - before) < tau:
            return True

    verdict = check("converged", converged)
    assert verdict.state == "not yet"
    assert "For some inputs None comes out" in verdict.message
    assert "still waits" not in verdict.message
