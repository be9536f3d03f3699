"""The points are for one's own steps: what the library did is recognised where it is graded, too."""

import pytest

from tests.grader.kit import FULL, points, words

IN_THE_GRAPH = "    n = ll.parameter(x, 'x')\n    return float({}((n + 1) * n**2)[n])\n"
BORROWED = {
    "by its name": "def fan_out(x):\n" + IN_THE_GRAPH.format("ll.backward"),
    "under a name of one's own": "differ = ll.backward\ndef fan_out(x):\n" + IN_THE_GRAPH.format("differ"),
    "by its differences": "import numpy as np\ndef fan_out(x):\n"
    "    return float(ll.numeric_gradient(lambda t: float((t + 1) * t**2), np.array(x)))\n",
    "in a helper of another cell": "def fan_out(x):\n    return helper(x)\n",
}
HELPER = "def helper(x):\n" + IN_THE_GRAPH.format("ll.backward")


@pytest.mark.parametrize("how", BORROWED)
def test_the_librarys_own_answer_earns_nothing_and_the_feedback_says_why(how, solved, grade):
    graded = grade(solved.insert("fan_out", HELPER).write("fan_out", BORROWED[how]).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    verdict = graded.exercises["fan_out"].verdict
    assert "points are for steps of your own" in verdict.note
    assert "fan_out calls ll." in verdict.note


def test_what_the_library_is_said_to_have_done_can_hold_no_input(solved, grade):
    solved.write(
        "fan_out",
        "import sys\n"
        "def fan_out(x):\n"
        "    frame = sys._getframe()\n"
        "    while frame is not None:\n"
        "        for found in frame.f_locals.values():\n"
        "            if type(found) is list and not found and frame.f_code.co_name in ('watched', '_call'):\n"
        "                found.append(f'll.x_was_{x}')\n"
        "        frame = frame.f_back\n"
        "    return 3 * x**2 + 2 * x\n",
    )
    graded = grade(solved.bytes())
    assert graded.exercises["fan_out"].points == 0.0
    assert "x_was_" not in words(graded)
