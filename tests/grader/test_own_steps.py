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


NOT_LOOKED_AT = {
    "the watch is switched off": "    import sys\n    sys.setprofile(None)\n",
    "another is put in its place": "    import cProfile\n    cProfile.Profile().enable()\n",
    "it is switched off from C": "    import sys\n    list(map(sys.setprofile, [None]))\n",
    "it has seen very much": "    for _ in range(60_000):\n        (lambda: 0)()\n",
}


@pytest.mark.parametrize("how", NOT_LOOKED_AT)
def test_the_librarys_own_answer_earns_nothing_when_one_tries_not_to_be_seen(how, solved, grade):
    source = f"def fan_out(x):\n{NOT_LOOKED_AT[how]}{IN_THE_GRAPH.format('ll.backward')}"
    graded = grade(solved.write("fan_out", source).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}


@pytest.mark.parametrize("start", ["threading.Thread(target=work)", "threading.Timer(0, work)"])
def test_an_answer_hands_its_work_to_no_thread(start, solved, grade):
    work = "".join(f"    {line}\n" for line in IN_THE_GRAPH.format("ll.backward").splitlines())
    source = (
        f"import threading\ndef fan_out(x):\n    found = []\n    def of():\n{work}"
        f"    def work(): found.append(of())\n    thread = {start}\n    thread.start()\n    thread.join()\n"
        "    return found[0]\n"
    )
    graded = grade(solved.write("fan_out", source).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    assert "PermissionError" in words(graded)


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


LOOK = "import sys\n\ndef fan_out(x):\n    look = sys.getprofile()\n"
BEHIND = {
    "the watch's closure": LOOK + "    look.__closure__[0].cell_contents = None\n    return 3 * x**2 + 2 * x",
    "its own caller": "from inspect import currentframe\nfan_out = currentframe",
    "a name as a text": "import gc\n\ndef fan_out(x):\n    return getattr(gc, 'get_objects')()",
}


@pytest.mark.parametrize("how", BEHIND)
def test_who_looks_at_how_an_answer_is_run_is_named_to_a_person(how, solved, grade):
    graded = grade(solved.write("fan_out", BEHIND[how]).bytes())
    assert [words for words in graded.human if "looks at how it is run" in words]


def test_nobody_else_is(solved, grade):
    assert grade(solved.bytes()).human == ()
