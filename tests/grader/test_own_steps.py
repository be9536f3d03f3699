"""The points are for one's own steps: what the library did is recognised where it is graded, too."""

import pytest

from tests.grader.kit import FULL, points, words

IN_THE_GRAPH = "    n = ll.parameter(x, 'x')\n    return float({}((n + 1) * n**2)[n])\n"
BORROWED = {
    "by its name": "def fan_out(x):\n" + IN_THE_GRAPH.format("ll.backward"),
    "under a name of one's own": "differ = ll.backward\ndef fan_out(x):\n" + IN_THE_GRAPH.format("differ"),
    "by its differences": "import numpy as np\ndef fan_out(x):\n"
    "    return float(ll.numeric_gradient(lambda t: float((t + 1) * t**2), np.array(x)))\n",
    "by NumPy, which calls": "import numpy as np\ndef work(x):\n"
    + IN_THE_GRAPH.format("ll.backward")
    + "fan_out = np.vectorize(work)\n",
    "in an operation of one's own": "import numpy as np\n"
    "@ll.primitive('{a}', 'a (...) -> z (...)', symbol='work')\ndef work(a):\n    x = float(a)\n"
    + IN_THE_GRAPH.format("ll.backward")
    + "def fan_out(x):\n    return float(work(x))\n",
    "in a helper of another cell": "def fan_out(x):\n    return helper(x)\n",
}
HELPER = "def helper(x):\n" + IN_THE_GRAPH.format("ll.backward")


@pytest.mark.parametrize("how", BORROWED)
def test_the_librarys_own_answer_earns_nothing_and_the_feedback_says_why(how, solved, grade):
    graded = grade(solved.insert("fan_out", HELPER).write("fan_out", BORROWED[how]).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    verdict = graded.exercises["fan_out"].verdict
    assert "points are for steps of your own" in verdict.note
    assert "calls ll." in verdict.note


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


WORK = "import lecture_lib as ll\ndef work(x):\n" + IN_THE_GRAPH.format("ll.backward")
OUT_OF_SIGHT = {
    "what looks at each line": "import sys\ndef fan_out(x):\n    found = []\n    def look(*given):\n"
    "        if not found:\n            found.append(0)\n            found.append(work(x))\n"
    "    sys.settrace(look)\n    (lambda: 0)()\n    sys.settrace(None)\n    return found[1]\n",
    "the same from Python's library": "import trace\ndef fan_out(x):\n    found = []\n"
    "    look = trace.Trace(count=0, trace=0, countfuncs=1)\n"
    "    look.globaltrace = lambda *given: found.append(work(x)) if not found else None\n"
    "    look.runfunc(lambda: 0)\n    return found[0]\n",
    "the same, begun beforehand": "import sys\nfound = []\ndef look(frame, event, given):\n"
    "    if frame.f_code.co_name == 'fan_out':\n        found[:] = [0, work(frame.f_locals['x'])]\n"
    "sys.settrace(look)\ndef fan_out(x):\n    return found[1]\n",
    "what Python 3.12 calls at each start of a function": "import sys\ndef fan_out(x):\n"
    "    found, watch = [], sys.monitoring\n    watch.use_tool_id(3, 'mine')\n    def look(*given):\n"
    "        if not found:\n            found.append(0)\n            found.append(work(x))\n"
    "    watch.register_callback(3, watch.events.PY_START, look)\n"
    "    watch.set_events(3, watch.events.PY_START)\n    (lambda: 0)()\n"
    "    watch.set_events(3, 0)\n    watch.free_tool_id(3)\n    return found[1]\n",
    "an audit hook": "import sys\nasked = []\ndef hook(event, given):\n"
    "    if event == 'of my own':\n        asked[0] = work(asked[0])\nsys.addaudithook(hook)\n"
    "def fan_out(x):\n    asked[:] = [x]\n    sys.audit('of my own')\n    return asked[0]\n",
    "a thread from before": "import queue, threading\nasked, answers = queue.Queue(), queue.Queue()\n"
    "def serve():\n    while True:\n        answers.put(work(asked.get()))\n"
    "threading.Thread(target=serve, daemon=True).start()\n"
    "def fan_out(x):\n    asked.put(x)\n    return answers.get(timeout=0.5)\n",
    "a thread from before that goes on": "import queue, threading\n"
    "asked, answers = queue.Queue(), queue.Queue()\n"
    "def serve():\n    while True:\n        x = asked.get()\n        for _ in range(3):\n"
    "            try:\n                answers.put(work(x))\n                break\n"
    "            except BaseException:\n                pass\n"
    "threading.Thread(target=serve, daemon=True).start()\n"
    "def fan_out(x):\n    asked.put(x)\n    return answers.get(timeout=0.5)\n",
    "a pool of threads from before": "from concurrent.futures import ThreadPoolExecutor\n"
    "pool = ThreadPoolExecutor(1)\npool.submit(int).result()\n"
    "def fan_out(x):\n    return pool.submit(work, x).result(timeout=0.5)\n",
}


@pytest.mark.parametrize("how", OUT_OF_SIGHT)
def test_the_librarys_own_answer_earns_nothing_where_the_answer_itself_is_not_looked_at(how, solved, grade):
    graded = grade(solved.write("fan_out", WORK + OUT_OF_SIGHT[how]).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    if "thread" in how:
        assert "fan_out calls ll.backward" in graded.exercises["fan_out"].verdict.note


def test_a_thread_from_before_that_does_something_else_costs_nothing(solved, grade):
    source = (
        "import threading\nthreading.Thread(target=ll.backward, args=(ll.parameter(1.0, 'a'),)).start()\n"
    )
    assert points(grade(solved.insert("neuron_forward", source).bytes())) == FULL


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
