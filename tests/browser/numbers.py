"""An explorer of numbers, slow or failing at some of them."""

from playwright.sync_api import expect

EXPLORER = """\
import time
from types import SimpleNamespace
from lecture_lib.explore import Choice, Explorer, Slider, Steps

calls = []


def number(step, kind="digit"):
    calls.append(step)
    if step == 3:
        raise ValueError("three cannot be drawn")
    time.sleep({5: 3.0, 8: 9.0}.get(step, 0.0))
    words = f"{kind} {step} is here. It is a number."
    return SimpleNamespace(html=f"<p>{words}</p>", words=words)
"""
SHOW = 'Explorer(number, [Steps("step", "step", last=9, seconds=1.0)], title="Numbers")'


def expect_number(explorer, n):
    text = f"digit {n} is here. It is a number."
    expect(explorer.picture).to_have_text(text)  # another explorer's picture may be under way
