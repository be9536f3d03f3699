"""The points are for one's own steps: what the library did is recognised where it is graded, too."""

import runpy
import textwrap
import weakref
from dataclasses import replace
from typing import Any

import pytest

from lecture_grader import grade_notebook, grade_notebooks, read_notebook
from lecture_grader.grading.asking import AtOnce
from lecture_grader.grading.dependencies import may_be_the_librarys, needed
from lecture_grader.grading.exercise_cells import find_exercises
from lecture_grader.grading.notebook_run import is_code
from lecture_grader.grading.other_answers import other_answers
from lecture_grader.grading.plan import Refuse
from lecture_grader.grading.read_cells import read_cell
from lecture_grader.inside.reading import read
from lecture_grader.sandbox import lessons_own
from lecture_lib.lessons import EXERCISES
from tests.grader.attacks import NOBODY_WATCHES
from tests.grader.kit import FULL, QUICK, ROOT, Solved, code_cell, notebook_of, points, points_of, words

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
    "the library is loaded again": "    import importlib, sys\n"
    "    ll.backward = importlib.reload(sys.modules[ll.backward.__module__]).backward\n",
    "its text is compiled again": "    import sys\n    module = sys.modules[ll.backward.__module__]\n"
    "    text = open(module.__file__).read()\n"
    "    exec(compile(text, module.__file__, 'exec'), vars(module))\n    ll.backward = module.backward\n",
    "what tells of its calls is taken out": "    ll.backward.__code__ = still(ll.backward.__code__)\n",
    "what tells of its calls does something else": "    for told in ll.backward.__code__.co_consts:\n"
    "        if callable(told):\n            told.__code__ = (lambda value=None: value).__code__\n",
    "a function is made without that": "    f = ll.backward\n"
    "    ll.backward = type(f)(still(f.__code__), f.__globals__)\n",
}
STILL = """
def still(code):
    return code.replace(co_consts=tuple(without(one, code) for one in code.co_consts))
def without(one, code):
    return still(one) if isinstance(one, type(code)) else (lambda given=None: given) if callable(one) else one
"""


@pytest.mark.parametrize("how", NOT_LOOKED_AT)
def test_the_librarys_own_answer_earns_nothing_when_one_tries_not_to_be_seen(how, solved, grade):
    source = f"{STILL}def fan_out(x):\n{NOT_LOOKED_AT[how]}{IN_THE_GRAPH.format('ll.backward')}"
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
    "a program of the library's, made beforehand": "x = ll.parameter(1.0, 'x')\n"
    "run = ll.program((x + 1) * x**2).run\ndef fan_out(x):\n    return float(run(x=x)[1]['x'])\n",
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


ENCODED = """
def encode(tokens, vocabulary, E):
    text = ll.sentences([tokens], vocabulary)
    return ll.PRIMITIVES["bag_of_words"].on([ll.parameter(E)], {"sentences": text}).value[0]
"""


def test_who_has_all_points_by_another_answer_is_not_told_that_one_could_not_be_run(grade):
    graded = grade(Solved(notebook_of("solutions", "05")).write("encode", ENCODED).bytes())
    assert points(graded) == points_of("05") | {"encode": 0.0}
    assert "could not be run to its end" not in words(graded)


TABLE = "table = {k: work(k / 10) for k in range(-60, 61)}\n"
NO_ANSWER = "could not be run to its end without the library's own work, so it earns nothing"
LOOKED_UP = "def fan_out(x):\n    return table[round(x * 10)]\n"
INNER = (
    "import numpy as np\ndef work(x):\n"
    "    return float(gradcheck._differences(lambda x: float((x + 1) * x**2), np.array(x), 1e-5)[0])\n"
    + TABLE
    + LOOKED_UP
)
BEFOREHAND = {
    "a table": WORK + TABLE + LOOKED_UP,
    "a default": WORK + TABLE + LOOKED_UP.replace("(x)", "(x, table=table)"),
    "a memory": "import functools\n" + WORK.replace("def", "@functools.cache\ndef") + TABLE
    + "def fan_out(x):\n    return work(round(x * 10) / 10)\n",
    "a curve through a few of its points": WORK + "import numpy as np\nxs = [-1.0, 0.0, 1.0, 2.0]\n"
    "curve = np.polyfit(xs, [work(x) for x in xs], 2)\n"
    "def fan_out(x):\n    return float(np.polyval(curve, x))\n",
    "under a name made of pieces": WORK.replace("ll.backward", "getattr(ll, 'back' + 'ward')") + TABLE
    + LOOKED_UP,
    "under such a name, by what is set to itself": "getattr = getattr\ngo = getattr(ll, 'back' + 'ward')\n"
    "def work(given):\n    own = ll.parameter(given, 'x')\n    return float(go((own + 1) * own**2)[own])\n"
    + TABLE + LOOKED_UP,
    "by a pattern": WORK.replace(
        "    return float(ll.backward",
        "    match ll:\n        case object(backward=go):\n            pass\n    return float(go",
    ) + TABLE + LOOKED_UP,
    "from deep in the library": WORK.replace("ll.backward", "go")
    + "from lecture_lib.autodiff.record import backward as go\n" + TABLE + LOOKED_UP,
    "by what only the library uses": "from lecture_lib.autodiff import gradcheck\n" + INNER,
    "by what only the library uses, found by what it offers": "import inspect\n"
    "gradcheck = inspect.getmodule(ll.numeric_gradient)\n" + INNER,
    "rule by rule": WORK.replace("ll.backward((n + 1) * n**2)[n]", "slope((n + 1) * n**2)")
    + "def slope(node, d=1.0):\n    handed = zip(node.parents, node.vjp(d)) if node.parents else ()\n"
    "    return d * (node.name == 'x') + sum(slope(*one) for one in handed)\n" + TABLE + LOOKED_UP,
    "rule by rule, from the operations": "def slope(node, d=1.0):\n    parents = node.parents\n"
    "    handed = zip(parents, node.primitive.back(d, node)) if parents else ()\n"
    "    return d * (node.name == 'x') + sum(slope(*one) for one in handed)\n"
    + WORK.replace("ll.backward((n + 1) * n**2)[n]", "slope((n + 1) * n**2)") + TABLE + LOOKED_UP,
    "under a name that the cell sets, too": "from lecture_lib import *\n"
    + WORK.replace("ll.backward", "backward") + TABLE + "backward = None\n" + LOOKED_UP,
    "and dies without it": WORK + "import os\ntry:\n    " + TABLE + "except OSError:\n    table = None\n"
    "def fan_out(x):\n    return table[round(x * 10)] if table else os._exit(1)\n",
}  # fmt: skip


@pytest.mark.parametrize("how", BEFOREHAND)
def test_what_the_library_was_asked_for_beforehand_earns_nothing(how, solved, grade):
    graded = grade(solved.write("fan_out", BEFOREHAND[how]).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    another_answer = "Without the library's own work the answer is not right" in words(graded)
    assert another_answer != bool([said for said in graded.human if NO_ANSWER in said])


ELSEWHERE = {
    "a tame cell": (WORK + TABLE, LOOKED_UP),
    "a cell that hides it in NumPy": (
        f"{WORK}import numpy as np\n{TABLE}np.table = table\n",
        "import numpy as np\n" + LOOKED_UP.replace("table[", "np.table["),
    ),
    "a cell that hides it in a text's name in NumPy": (
        f"{WORK}import numpy as np\n{TABLE}setattr(np, 'table', table)\n",
        "import numpy as np\n" + LOOKED_UP.replace("table[", "np.table["),
    ),
    "a cell that fills what it is handed": (
        "table = {}\n"
        + WORK
        + "def fill(it):\n    it.update({k: work(k / 10) for k in range(-60, 61)})\nfill(table)",
        LOOKED_UP,
    ),
    "all modules": (WORK + "import builtins\nbuiltins." + TABLE, LOOKED_UP),
    "a file": (
        WORK + "import json\njson.dump([work(k / 10) for k in range(-60, 61)], open('table', 'w'))",
        "def fan_out(x):\n    return json.load(open('table'))[round(x * 10) + 60]\n",
    ),
}


@pytest.mark.parametrize("how", ELSEWHERE)
def test_it_earns_nothing_where_another_cell_has_asked_for_it(how, solved, grade):
    before, answer = ELSEWHERE[how]
    graded = grade(solved.insert("fan_out", before).write("fan_out", answer).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}


TEXT = f"text = {WORK + TABLE!r}\nopen('own.py', 'w').write(text)\nfound = {{}}\n"
GOT = "table = found['table']\n" + LOOKED_UP
HERE = "import sys\nsys.path.insert(0, '.')\n"
IN_A_TEXT = {
    "is run as a file": TEXT + "import runpy\nfound = runpy.run_path('own.py')\n" + GOT,
    "is imported": TEXT + HERE + "from own import table\n" + LOOKED_UP,
    "is imported by way of another name": TEXT + "from sys import path\npath.append('')\nimport own\n"
    "found = vars(own)\n" + GOT,
    "is written by a magic": f"%%writefile own.py\n{WORK + TABLE}"
    "%%\nfrom own import table\n" + LOOKED_UP,
    "is imported from a zip": TEXT + "import sys, zipfile\nwith zipfile.ZipFile('own.zip', 'w') as zipped:\n"
    "    zipped.write('own.py')\nsys.path.append('own.zip')\nimport own\ntable = own.table\n" + LOOKED_UP,
    "is imported by Python itself": TEXT + HERE
    + "import datetime\nopen('_strptime.py', 'w').write(text + 'import json\\njson.table = table')\n"
    "try:\n    datetime.datetime.strptime('1', '%d')\nexcept AttributeError:\n    pass\nimport json\n"
    + LOOKED_UP.replace("table[", "json.table["),
    "is loaded": TEXT + "from importlib.machinery import SourceFileLoader\n"
    "table = SourceFileLoader('own', 'own.py').load_module().table\n" + LOOKED_UP,
    "is typed in": TEXT + "import code\n"
    "code.InteractiveInterpreter(found).runsource(text, 'x', 'ex' + 'ec')\n" + GOT,
    "is handed to Python from C": TEXT + "import ctypes\n"
    "ctypes.pythonapi.PyRun_SimpleString(text.encode())\n" + LOOKED_UP,
    "is read as code": TEXT + "import dis\ntype(lambda: 0)(dis.Bytecode(text).codeobj, found)()\n" + GOT,
    "is run by NumPy": TEXT + "import numpy.testing\nnumpy.testing.runstring(text, found)\n" + GOT,
    "says the type of something": "import typing, lecture_lib as ll\ndef f(): pass\n"
    "f.__annotations__ = {'go': 'll.back' + 'ward'}\ngo = typing.get_type_hints(f, {'ll': ll})['go']\n"
    + WORK.replace("ll.backward", "go") + TABLE + LOOKED_UP,
}  # fmt: skip


@pytest.mark.parametrize("how", IN_A_TEXT)
def test_it_earns_nothing_where_a_text_has_asked_for_it(how, solved, grade):
    *before, answer = IN_A_TEXT[how].split("%%\n")
    for cell in before:
        solved.insert("fan_out", cell)
    graded = grade(solved.write("fan_out", answer).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    another_answer = "Without the library's own work the answer is not right" in words(graded)
    assert another_answer != bool([said for said in graded.human if NO_ANSWER in said])


BY_NO_NAME = {
    "a text is filled in": "import string\n"
    "go = string.Formatter().get_field('0.backwa' + 'rd', (ll,), {})[0]\n",
    "a wrapper takes it over": "import functools\nkept = []\nclass H:\n"
    "    def __setattr__(self, name, value): kept.append(value)\n"
    "functools.update_wrapper(H(), ll, assigned=('backwa' + 'rd',), updated=())\ngo = kept[0]\n",
    "a pattern of one's own": "class M(type):\n    def __instancecheck__(cls, x): return True\n"
    "class A(metaclass=M):\n    __match_args__ = ('backwa' + 'rd',)\n"
    "match ll:\n    case A(go): pass\n",
    "a class is written": "import dataclasses\n"
    "go = dataclasses._create_fn('f', ['ll'], ['return ll.backwa' + 'rd'])(ll)\n",
    "a type is looked up": "import functools\nkept = []\ndef keep(x):\n    kept.append(x)\n    return int\n"
    "@functools.singledispatch\ndef d(x): pass\ndef e(x: 'keep(ll.backwa' + 'rd)'): pass\n"
    "d.register(e)\ngo = kept[0]\n",
    "a signature is read": "import inspect\ndef e(x: 'll.backwa' + 'rd'): pass\n"
    "go = inspect.signature(e, eval_str=True).parameters['x'].annotation\n",
    "a pickle names it": "import pickle, io\nclass U(pickle.Unpickler): pass\n"
    "go = U(io.BytesIO()).find_class('lecture_lib', 'backwa' + 'rd')\n",
}  # fmt: skip


@pytest.mark.parametrize("how", BY_NO_NAME)
def test_it_earns_nothing_where_the_name_stands_nowhere(how, solved, grade):
    found = f"import lecture_lib as ll\n{BY_NO_NAME[how]}{WORK.replace('ll.backward', 'go')}{TABLE}"
    graded = grade(solved.write("fan_out", found + LOOKED_UP).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}


SLOPE = """
def slope(node, leaf, d=1.0):
    handed = zip(node.parents, node.vjp(d)) if node.parents else ()
    return d * (node is leaf) + sum(slope(parent, leaf, part) for parent, part in handed)
"""
PAST_WHAT_REFUSES = {
    "a maker of arguments": """
import sys, numpy as np
def maker():
    frame = sys._getframe()
    while "handed_over" not in frame.f_globals:
        frame = frame.f_back
    return frame.f_globals["handed_over"].__globals__["RECIPES"]["graph"]
def fan_out(x):
    kinds = ["leaf", "leaf", "add", "square", "multiply"]
    root = maker()(kinds, [[], [], [0, 1], [0], [2, 3]], [x, 1.0, None, None, None]).argument
    return float(slope(root, root.parents[1].parents[0], np.float64(1.0)))
""",
    "memory, written into": """
import numpy as np, lecture_lib as ll
from lecture_lib.autodiff import record
codes = [one.__code__ for one in vars(record).values() if hasattr(one, "__code__")]
tells = next(one for code in codes for one in code.co_consts if callable(one))
settings = None, (), False, *tells.__defaults__[3:]
class Memory:
    __array_interface__ = {"data": (id(tells), False), "shape": (20,), "typestr": "<i8", "version": 3}
memory = np.asarray(Memory())
memory[list(memory).index(id(tells.__defaults__))] = id(settings)
def work(x):
    n = ll.parameter(x, "x")
    return float(slope((n + 1) * n**2, n))
table = {k: work(k / 10) for k in range(-60, 61)}
def fan_out(x):
    return table[round(x * 10)]
""",
}


@pytest.mark.parametrize("way", PAST_WHAT_REFUSES)
def test_who_finds_a_way_past_what_refuses_finds_no_work_behind_it(way, solved, grade):
    graded = grade(solved.write("fan_out", SLOPE + PAST_WHAT_REFUSES[way]).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}


OPERATION = """
import _thread, sys, numpy as np, lecture_lib as ll
getattr(_thread.start_new_thread, "__globals__")["own_steps"].forbidden = lambda *given: None
work = sys.modules["lecture_lib.autodiff"].PRIMITIVES["{}"].forward
"""
BY_A_WAY_AROUND = {
    "an object that calls what it is handed": """
from types import SimpleNamespace
gradient = ll.SparseGradient((1, 1), np.array([0]), np.ones((1, 1)))
handed = SimpleNamespace(work=work)
def run(*given, **named):
    return ll.SparseGradient.__array_ufunc__(gradient, handed, "work", *given, **named)
""",
    "memory, written into": """
tells = next(one for one in work.__code__.co_consts if callable(one))
class Memory:
    data = id(tells.__defaults__), False
    __array_interface__ = {"data": data, "shape": (10,), "typestr": "<i8", "version": 3}
memory = np.asarray(Memory())
if id(True) in memory:
    memory[list(memory).index(id(True))] = id(False)
run = work
""",
}
ALL_THAT_IS_ASKED = {
    "nll": ("01", "negative_log_likelihood", "def nll(p, y):\n    return float(run(p, y))\n"),
    "softmax": ("02", "softmax", "def softmax(o):\n    return run(o)\n"),
    "encode": (
        "05",
        "bag_of_words",
        "from types import SimpleNamespace\ndef encode(tokens, vocabulary, E):\n"
        "    words = np.array([vocabulary[one] for one in tokens])\n    n = np.array([len(words)])\n"
        "    return run(E, sentences=SimpleNamespace(words=words, starts=np.append(0, n), lengths=n))[0]\n",
    ),
}


@pytest.mark.parametrize("way", BY_A_WAY_AROUND)
@pytest.mark.parametrize("id", ALL_THAT_IS_ASKED)
def test_an_operation_that_does_all_that_is_asked_is_had_by_no_way_around(id, way, grade):
    lesson, operation, answer = ALL_THAT_IS_ASKED[id]
    source = OPERATION.format(operation) + BY_A_WAY_AROUND[way] + answer
    assert points(grade(Solved(notebook_of("solutions", lesson)).write(id, source).bytes()))[id] == 0.0


@pytest.mark.parametrize("part", ["", ".forward", ".on"])
def test_an_operation_that_does_all_that_is_asked_earns_nothing(part, grade):
    operation = f"ll.PRIMITIVES['negative_log_likelihood']{part}"
    operands = "[ll.parameter(p), y]" if part == ".on" else "p, y"
    value = ".value" if part == ".on" else ""
    source = f"work = {operation}\ndef nll(p, y):\n    return float(work({operands}){value})\n"
    graded = grade(Solved(notebook_of("solutions", "01")).write("nll", source).bytes())
    assert points(graded)["nll"] == 0.0
    assert "nll calls ll.nll" in words(graded)


BY_WHAT_THE_DRAWING_CALLS = """
from lecture_lib.lessons.duck_goose import example
example._example_of.cache_clear()
plain, met = np.outer, [(np.zeros(2), np.zeros(2))]
def outer(*given):
    met.append(given)
    return plain(*given)
np.outer = outer
mine = ll.my_example()
np.outer = plain
h_mine = ll.relu(mine.W @ ll.encode(mine.tokens, mine.vocabulary, mine.E) + mine.b)
d_o, h = next((one for one in met if np.allclose(one[1], h_mine)), met[0])
backward_by_hand = {"d_p": -mine.y / (d_o + mine.y + 1e-300), "d_o": d_o, "d_U": plain(d_o, h)}
"""


def test_who_looks_on_while_an_example_is_drawn_meets_no_gradient(grade):
    handed_in = Solved(notebook_of("solutions", "06")).write("backward_by_hand", BY_WHAT_THE_DRAWING_CALLS)
    signed_in = handed_in.bytes().replace(b"guest", b"s1")
    assert points(grade(signed_in)) == points_of("06") | {"backward_by_hand": 0.0}


HAD_FROM_STAND_INS = {
    "as an earlier lesson's": "gradient_check = ll.mine('gradient_check')\n",
    "from where they stand": "from lecture_lib.exercises.stand_ins import LIBRARYS\n"
    "work = LIBRARYS['gradient_check'][1]\n"
    "def gradient_check(f, gradient, theta):\n    return work(f, gradient, theta)\n",
    "as a text": "import lecture_lib.exercises.stand_ins as module\n"
    "text = open(module.__file__).read()\nstart = text.index('def _gradient_check')\n"
    "space = dict(vars(module))\n"
    "exec('from __future__ import annotations\\n' + text[start:].split('\\n\\n\\n')[0], space)\n"
    "gradient_check = space['_gradient_check']\n",
}


@pytest.mark.parametrize("how", HAD_FROM_STAND_INS)
def test_what_stands_in_for_an_earlier_answer_earns_nothing_as_ones_own(how, grade):
    handed_in = Solved(notebook_of("solutions", "04")).write("gradient_check", HAD_FROM_STAND_INS[how])
    assert points(grade(handed_in.bytes())) == points_of("04") | {"gradient_check": 0.0}


COPIES = {
    "all of it, loaded anew": """
import importlib, sys
for name in [*sys.modules]:
    if name.startswith("lecture_lib"):
        del sys.modules[name]
sgd_step = importlib.import_module("lecture_lib").sgd_step
""",
    "its files": """
import pathlib, sys
for file in pathlib.Path(ll.__file__).parent.rglob("*.py"):
    copied = pathlib.Path("copies/lecture_lab", *file.relative_to(pathlib.Path(ll.__file__).parent).parts)
    if "packages" not in file.parts:
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_text(file.read_text().replace("lecture_lib", "lecture_lab"))
sys.path.append("copies")
from lecture_lab.learning import sgd_step
""",
    "its text": """
import inspect
exec("from __future__ import annotations\\n" + inspect.getsource(ll.sgd_step))
""",
    "its code": """
import types
sgd_step = types.FunctionType(ll.sgd_step.__code__.replace(co_filename="own"), {}, "sgd_step")
""",
}


@pytest.mark.parametrize("what", COPIES)
def test_a_copy_of_the_library_that_is_made_where_it_is_graded_earns_nothing(what, grade):
    handed_in = Solved(notebook_of("solutions", "01")).write("sgd_step", COPIES[what])
    assert points(grade(handed_in.bytes()))["sgd_step"] == 0.0


OWN = "def fan_out(x):\n    return x**2 + 2 * x * (x + 1)\n"
CHECKED = "n = ll.parameter(2.0, 'x')\nwanted = ll.backward((n + 1) * n**2)[n]\n"
HONEST = {
    "compares with the library": OWN + CHECKED + "assert abs(fan_out(2.0) - wanted) < 1e-9\n",
    "asks the library first": CHECKED + OWN,
    "measures with the library, too": OWN
    + "import numpy as np\nprint(ll.numeric_gradient(lambda x: float((x + 1) * x**2), np.array(2.0)))\n",
    "asks for an object's parts": "some = ll.sentences([['a', 'b']], {'a': 0, 'b': 1})\n"
    "k = 2 * len(some[[0]])\n"
    "own = ll.duck_goose()\nassert own.params['E'].shape\nx = ll.parameter(1.0, 'x')\nx.T, (x * 2).sum()\n"
    "import lecture_lib.autodiff\nprint(k)\n" + OWN.replace("2 *", "k *"),
    "has a file of its own": f"open('own.py', 'w').write({OWN!r})\nimport sys\nsys.path.append('.')\n"
    "from own import fan_out\n",
    "lists all names": "print(dir(ll), globals().keys(), [getattr(ll, name) for name in ('relu', 'exp')])\n"
    + OWN,
}


@pytest.mark.parametrize("how", HONEST)
def test_who_only_compares_with_the_library_keeps_the_points(how, solved, grade):
    graded = grade(solved.write("fan_out", HONEST[how]).bytes())
    assert points(graded) == FULL
    assert graded.human == ()


PROFILED = {
    "a run": "import cProfile\ncProfile.run('fan_out(2.0)')\n",
    "a profile": "import cProfile\nprofile = cProfile.Profile()\nprofile.enable()\nfan_out(2.0)\n"
    "profile.disable()\n",
    "a profile that is left on": "import cProfile\ncProfile.Profile().enable()\n",
    "a profile of one's own": "import sys\nsys.setprofile(lambda *given: None)\nfan_out(2.0)\n"
    "sys.setprofile(None)\n",
    "threads meanwhile": "import cProfile, threading\ncProfile.Profile().enable()\n"
    "threading.Thread(target=print).start()\n",
}


@pytest.mark.parametrize("how", PROFILED)
def test_who_profiles_an_answer_keeps_the_points(how, solved, grade):
    graded = grade(solved.write("fan_out", OWN + PROFILED[how]).bytes())
    assert points(graded) == FULL
    assert graded.notes == graded.human


def test_a_thread_that_ends_its_own_profile_is_watched_all_the_same(solved, grade):
    source = WORK + OUT_OF_SIGHT["a thread from before"].replace(
        "    while True", "    try:\n        __import__('sys').setprofile(None)\n"
        "    except PermissionError:\n        pass\n    while True",
    )  # fmt: skip
    graded = grade(solved.write("fan_out", source).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}


TRYING = "def backward(x):\n    return 2 * x\nprint(backward(2.0))\nbackward = np.vectorize(backward)\n"


def test_who_tries_an_own_function_in_its_cell_asks_the_library_for_nothing():
    own: Any = read(f"import numpy as np\n{TRYING}")[0]
    borrowed: Any = read(f"import numpy as np\nfrom lecture_lib import backward\n{TRYING}")[0]
    assert (own["asks"], borrowed["asks"]) == ([], ["backward"])


@pytest.mark.parametrize("seed", ["", ', seed="any"'])
def test_a_check_is_handed_what_a_name_stands_for_and_asks_the_library_for_nothing(seed):
    test_cell = f'# one point\nll.exercises.require("backward", "a chain", backward{seed})\n'
    only: Any = read(f'{test_cell}ll.check("backward", backward)')[0]
    with_work: Any = read(f'{test_cell}ll.check("backward", ll.backward)')[0]
    beside: Any = read(f"{test_cell}backward")[0]
    assert (only["only_hands"], only["asks"]) == ([["backward", "backward"]] * 2, [])
    for other in (with_work, beside):
        assert (other["only_hands"], other["asks"]) == ([], ["backward"])


@pytest.mark.parametrize("how", BORROWED)
def test_the_librarys_answer_earns_nothing_by_being_handed_to_nbgraders_test_cell(how, solved, grade):
    solved.insert("fan_out", HELPER).write("fan_out", BORROWED[how])
    (part, *_) = EXERCISES["fan_out"].parts
    test_cell = code_cell(f'll.exercises.require("fan_out", "{part.name}", fan_out)')
    solved.cells.insert(solved.place("fan_out") + 1, test_cell)
    assert points(grade(solved.bytes())) == FULL | {"fan_out": 0.0}


def test_an_import_by_the_usual_name_ties_no_cells_together_and_any_other_does():
    usual: Any = read("import numpy as np\nimport lecture_lib as ll\ntable = ll.backward(np.ones(3))\n")[0]
    other: Any = read("import table as np\nfrom table import numpy\nimport numpy as ll\n")[0]
    assert usual["sets"] == ["table"]
    assert other["sets"] == ["ll", "np", "numpy"]


def test_who_ends_the_watch_from_behind_earns_nothing_by_the_librarys_work(solved, grade):
    source = (
        LOOK.replace("    look", "    for cell in sys.getprofile().__closure__:\n"
        "        if type(cell.cell_contents) is int:\n            cell.cell_contents = -1\n    look")
        + IN_THE_GRAPH.format("ll.backward")
    )  # fmt: skip
    graded = grade(solved.write("fan_out", source).bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}
    assert [words for words in graded.human if "looks at how it is run" in words]


MINE = "mine = ll.my_example()\ngraph = ll.sentence_graph(mine)\n"
FORWARD = MINE + "seen = ll.forward(graph['loss'])\n"
BACKWARD = MINE + "seen = ll.backward(graph['loss'])\n"
BY_THE_LIBRARY = {
    "forward_by_hand": FORWARD + "forward_by_hand = {name: seen.node(name).value for name in"
    " ('h0', 'z', 'h', 'o', 'p', 'loss')}\n",
    "backward_by_hand": BACKWARD + "backward_by_hand = {'d_' + name: seen[name] for name in 'poU'}\n",
}
BY_HAND = {
    "forward_by_hand": "mine = ll.my_example()\nh0 = ll.encode(mine.tokens, mine.vocabulary, mine.E)\n"
    "z, h, o, p = ll.mlp_forward(h0, mine.W, mine.b, mine.U)\nforward_by_hand = {'h0': h0, 'z': z, 'h': h,"
    " 'o': o, 'p': p, 'loss': ll.nll(p, mine.y)}\n",
    "backward_by_hand": "mine = ll.my_example()\nh0 = ll.encode(mine.tokens, mine.vocabulary, mine.E)\n"
    "h = ll.mlp_forward(h0, mine.W, mine.b, mine.U)[1]\np = ll.softmax(mine.U @ h)\nd_o = p - mine.y\n"
    "backward_by_hand = {'d_p': -mine.y / p, 'd_o': d_o, 'd_U': np.outer(d_o, h)}\n",
}


@pytest.mark.parametrize(("id", "lesson"), [("forward_by_hand", "05"), ("backward_by_hand", "06")])
def test_numbers_by_hand_are_not_the_librarys(id, lesson, grade):
    full = points_of(lesson)

    def graded(source):
        return grade(Solved(notebook_of("solutions", lesson)).write(id, source).bytes())

    found = graded(BY_THE_LIBRARY[id])
    assert points(found) == full | {id: 0.0}
    assert "Without the library's own work the answer is not right" in words(found)
    assert points(graded(BY_HAND[id])) == full
    # Who works by hand may look at the library's numbers afterwards, or before.
    assert points(graded(FORWARD + BACKWARD + BY_HAND[id])) == full
    assert points(graded(BY_HAND[id] + FORWARD + BACKWARD)) == full


SEEN = BACKWARD.replace("seen", "seen_before")
ASKS = "seen = ll.backward(ll.sentence_graph(ll.my_example())['loss'])\n"
LOOKS = {
    "prints": ("print(seen_before['p'], seen_before['o'], seen_before['U'])\n", "{}"),
    "asserts": ("assert seen_before['U'].shape\n", "{}assert np.allclose(d_o, seen_before['o'])\n"),
    "compares": (
        "ll.compare('U', np.ones((2, 2)), seen_before['U'])\n",
        "{}ll.compare('o', d_o, seen_before['o'])\n",
    ),
    "asks on the answer's line": ("", ASKS.replace("\n", "; {}")),
    "asks in a block": ("", "if True:\n    " + ASKS + "    {}"),
    "asks in a function": (
        "",
        "def by_hand():\n    {}    " + ASKS + "    assert np.allclose(d_o, seen['o'])\n"
        "    return backward_by_hand\nbackward_by_hand = by_hand()\n",
    ),
    "takes what the forward pass gives": (
        "",
        "mine = ll.my_example()\ngraph = ll.sentence_graph(mine)\np = graph['p'].value\n"
        "h = ll.forward(graph['loss']).node('h').value\n"
        "backward_by_hand = {{'d_p': -mine.y / p, 'd_o': p - mine.y, 'd_U': np.outer(p - mine.y, h)}}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", LOOKS)
def test_who_looks_at_the_librarys_numbers_first_keeps_the_points(how, grade):
    above, answer = LOOKS[how]
    indented = BY_HAND["backward_by_hand"].replace("\n", "\n    ").rstrip(" ")
    inner = indented if "    {}" in answer else ""
    source = above + answer.format(inner or BY_HAND["backward_by_hand"])
    solved = Solved(notebook_of("solutions", "06")).insert("backward_by_hand", SEEN)
    graded = grade(solved.write("backward_by_hand", source).bytes())
    assert points(graded) == points_of("06")
    assert graded.human == ()


def test_a_slow_notebook_that_is_run_without_the_librarys_work_has_time_left_for_second_chances(sandbox):
    slow = "import time\nended = time.time() + 0.8\nwhile time.time() < ended: pass"
    handed_in = Solved(notebook_of("solutions", "04")).write(
        "topological_order", "def topological_order(root):\n    return [root]"
    )
    for _ in range(2):
        handed_in.cells.insert(0, code_cell(slow))
    settings = replace(QUICK, times=replace(QUICK.times, submission=12.0))
    graded = grade_notebook(read_notebook(handed_in.bytes()), sandbox, settings)
    assert points(graded) == points_of("04") | {"topological_order": 0.0}


COMPARED_WITHIN = [
    "np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)",
    "np.testing.assert_array_almost_equal(a, b)",
    "if not np.abs(a - b).max() < 1e-4:\n    raise ValueError",
    "if np.abs(a - b).max() < 1e-4:\n    pass\nelse:\n    raise ValueError",
    "if np.abs(a - b).max() > 1e-4 or a.shape != b.shape:\n    raise ValueError",
    "ok = np.abs(a - b).max() < 1e-4\nassert ok",
    "assert (np.abs(a - b) < 1e-4).all() and not np.isnan(b).any()",
    "if (np.abs(a - b) > 1e-4).any():\n    raise ValueError",
    "assert all(abs(one - other) < 1e-4 for one, other in zip(a, b))",
    "while np.abs(a - b).max() > 1e-4:\n    b = ll.backward(ll.sentence_graph(m)['loss'])['o']",
    "print(np.einsum('i,i', a, b), np.corrcoef(a, b), np.vstack([a, b]))",
    "own = None\nif np.abs(a - b).max() < 1e-4:\n    own = a\na = own",
]
WORKED = """
m = ll.my_example()
h = ll.relu(m.W @ ll.encode(m.tokens, m.vocabulary, m.E) + m.b)
p = ll.softmax(m.U @ h)
a = p - m.y
b = ll.backward(ll.sentence_graph(m)['loss'])['o']
{compared}
return {{'d_p': -m.y / p, 'd_o': a, 'd_U': np.outer(a, h)}}
"""


@pytest.mark.parametrize("compared", COMPARED_WITHIN)
def test_who_compares_with_the_library_on_the_way_to_an_answer_keeps_the_points(compared, grade):
    body = textwrap.indent(WORKED.format(compared=compared), "    ")
    source = f"def work():{body}\nbackward_by_hand = work()"
    graded = grade(Solved(notebook_of("solutions", "06")).write("backward_by_hand", source).bytes())
    assert points(graded) == points_of("06"), words(graded)


def test_of_numbers_by_hand_those_that_are_the_librarys_earn_nothing(grade):
    source = BY_HAND["backward_by_hand"] + BACKWARD + "backward_by_hand['d_U'] = seen['U']\n"
    graded = grade(Solved(notebook_of("solutions", "06")).write("backward_by_hand", source).bytes())
    part = {one.name: one.points for one in EXERCISES["backward_by_hand"].parts}
    lost = sum(points for name, points in part.items() if "U" in name)
    assert points(graded) == points_of("06") | {"backward_by_hand": sum(part.values()) - lost}
    assert 0 < lost < sum(part.values())


@pytest.mark.parametrize(
    "how",
    [
        "ll.mine('mlp_gradients')(m.tokens, m.y, m.vocabulary, m.params)['U']",
        "[ll.mine(name) for name in ['mlp_gradients']][0](m.tokens, m.y, m.vocabulary, m.params)['U']",
        "next(d for d in map(tried, [*vars(sys.modules[type(m).__module__]).values()]) if is_matrix(d))",
    ],
)
def test_numbers_by_hand_are_had_by_no_other_way(how, grade):
    source = (
        "import sys\nm = ll.my_example()\nh0 = ll.encode(m.tokens, m.vocabulary, m.E)\n"
        "h = ll.mlp_forward(h0, m.W, m.b, m.U)[1]\n"
        "def tried(f):\n    try:\n        return f(m)\n    except Exception:\n        return None\n"
        "def is_matrix(d):\n    return isinstance(d, np.ndarray) and d.shape == (2, 2)\n"
        f"d_U_found = {how}\nd_o_found = d_U_found[:, 0] / h[0] if h[0] else d_U_found[:, 1] / h[1]\n"
        "backward_by_hand = {'d_o': d_o_found, 'd_U': d_U_found, 'd_p': -m.y / (d_o_found + m.y)}\n"
    )
    graded = grade(Solved(notebook_of("solutions", "06")).write("backward_by_hand", source).bytes())
    assert points(graded) == points_of("06") | {"backward_by_hand": 0.0}


LOOKED_FIRST = "qgot = ll.backward((qx + 1) * qx**2)\n"


def test_who_looks_at_a_record_of_another_cell_before_a_function_keeps_the_points(solved, grade):
    solved.insert("fan_out", "qx = ll.parameter(2.0, 'x')\n" + LOOKED_FIRST)
    graded = grade(solved.write("fan_out", "print(qgot[qx])\n" + OWN).bytes())
    assert points(graded) == FULL
    assert graded.human == ()


GLOBALS = "import _thread, sys, types\nkept = getattr(_thread.start_new_thread, '__glo' + 'bals__')\n"
EMPTY_ALL = """
seen, ahead = set(), [kept]
while ahead:
    space = ahead.pop()
    if id(space) in seen or "lecture" not in str(space.get("__name__")):
        continue
    seen.add(id(space))
    for name, one in [*space.items()]:
        ahead += [vars(one)] if isinstance(one, types.ModuleType) else []
        ahead += [getattr(one, "__glo" + "bals__", {})]
        if name in ("at_work", "refusing", "_at_work", "_refuses", "_telling", "_apart"):
            one.clear()
        if name in ("forbidden", "is_called_from_outside", "_is_refused", "_look_at", "look"):
            space[name] = lambda *given, **named: None
"""
DIFFERENCES = """
from lecture_lib.autodiff import gradcheck
import numpy as np
def fan_out(x):
    return float(gradcheck._differences(lambda t: float((t + 1) * t**2), np.array(x), 1e-5)[0])
"""
IN_A_FRAME = """
def switched_off(frame):
    space = frame.f_globals
    for name in ("forbidden", "is_called_from_outside", "_is_refused", "_look_at"):
        if name in space:
            space[name] = lambda *given, **named: None
"""
TAMPERED = {
    "all lists of the grader are emptied": GLOBALS + EMPTY_ALL,
    "Python's own names are others": "import builtins\nbuiltins.any = builtins.bool = lambda *given: False\n"
    "builtins.frozenset = builtins.id = lambda *given: ()\n",
    "events are told to nobody": "import sys\nsys.audit = lambda *given: None\nsys._getframe = None\n",
    "an error leads behind": f"import sys\n{IN_A_FRAME}"
    "try:\n    ll.backward(ll.parameter(1.0, 'x') ** 2)\n    ll.relu.vjp_rule(1.0, 1.0, 1.0)\n"
    "except Exception as error:\n    place = error.__traceback__\n"
    "    while place is not None:\n        switched_off(place.tb_frame)\n        place = place.tb_next\n",
    "a code refused leads behind": f"{IN_A_FRAME}"
    "try:\n    exec(compile('1', ll.autodiff.__file__, 'exec'))\n"
    "except Exception as error:\n    place = error.__traceback__\n"
    "    while place is not None:\n        switched_off(place.tb_frame)\n        place = place.tb_next\n",
    "a name that looks at who asks": f"import sys\n{IN_A_FRAME}"
    "class Name(str):\n    def startswith(self, *given):\n"
    "        switched_off(sys._getframe(1))\n        return False\n"
    "    def __hash__(self):\n        switched_off(sys._getframe(1))\n        return 0\n"
    "def call(): return ll.relu(1.0)\n"
    "exec(call.__code__.replace(co_filename=Name('x'), co_name=Name('x')))\n"
    "call.__code__ = call.__code__.replace(co_filename=Name('x'))\ncall()\n",
    "an operation that looks at who asks": f"import sys\n{IN_A_FRAME}"
    "class Made:\n    @property\n    def name(self):\n        switched_off(sys._getframe(1))\n"
    "        return 'relu'\n"
    "try:\n    type(ll.relu).__call__(Made(), 1.0)\nexcept Exception:\n    pass\n",
    "the names that are fine": "ll.PRIMITIVES['_differences'] = ll.PRIMITIVES['gradcheck'] = ll.relu\n"
    'setattr(ll, "the library\'s _differences", int)\n',
}


BY_A_COPY = """
import types
from lecture_lib.autodiff import gradcheck
import numpy as np
own = types.FunctionType(COPIED, {**vars(gradcheck), "_number": float}, "own")
def fan_out(x):
    return float(own(lambda t: float((t + 1) * t**2), np.array(x), 1e-5)[0])
"""
ITS_CODE = "gradcheck._differences.__code__"
TELLS_NOT = f"co_consts=tuple(dict if callable(one) else one for one in {ITS_CODE}.co_consts)"
COPIED_CODES = {
    "in another file": "co_filename='own'",
    "that tells of no call": f"co_filename='own', {TELLS_NOT}",
    "with more in it": f"co_filename='own', {TELLS_NOT}, co_code={ITS_CODE}.co_code + bytes([9, 0])",
}


@pytest.mark.parametrize("which", COPIED_CODES)
def test_a_copy_of_a_code_of_the_library_earns_nothing(which, solved, grade):
    source = BY_A_COPY.replace("COPIED", f"{ITS_CODE}.replace({COPIED_CODES[which]})")
    assert points(grade(solved.write("fan_out", source).bytes()))["fan_out"] == 0.0


BLINDED = """
import sys
from lecture_lib.autodiff import gradcheck
import numpy as np
told = [one for one in gradcheck._differences.__code__.co_consts if callable(one)][0]
def fan_out(x):
    for one in told.__defaults__:
        if type(one) is list:
            one.append(lambda *given: None)
    DIFFERENCES
"""
BY_DIFFERENCES = "found = gradcheck._differences(lambda t: float((t + 1) * t**2), np.array(x), 1e-5)\n"
WHILE_IT_REFUSES = {
    "one who listens takes it back": "    return float(found[0])\n"
    "def hook(event, given):\n    if event.endswith('a function is entered'):\n        given[0].clear()\n"
    "sys.addaudithook(hook)\n",
    "one who looks at calls takes it back": "    sys.setprofile(None)\n    return float(found[0])\n"
    "def look(frame, event, given):\n    if frame.f_code.co_name == '_entered' and event == 'c_return':\n"
    "        frame.f_locals.get('refused', []).clear()\n",
    "one who looks at lines leaves it out": "    sys.settrace(None)\n    return float(found[0])\n"
    "def skip(frame, event, given):\n"
    "    if event == 'line' and frame.f_code.co_name == '_entered':\n"
    "        frame.f_lineno = max(line for _, _, line in frame.f_code.co_lines() if line)\n"
    "    return skip if frame.f_code.co_name == '_entered' else None\n",
}
SET = {
    "one who looks at calls takes it back": "sys.setprofile(look)",
    "one who looks at lines leaves it out": "sys.settrace(skip)",
}


@pytest.mark.parametrize("how", WHILE_IT_REFUSES)
def test_nothing_that_happens_while_the_library_refuses_earns_a_point(how, solved, grade):
    begun = f"{SET.get(how, 'pass')}\n    {BY_DIFFERENCES}"
    source = BLINDED.replace("DIFFERENCES\n", begun) + WHILE_IT_REFUSES[how]
    assert points(grade(solved.write("fan_out", source).bytes()))["fan_out"] == 0.0


@pytest.mark.parametrize("how", TAMPERED)
def test_nothing_that_a_cell_does_to_what_watches_it_earns_a_point(how, solved, grade):
    graded = grade(solved.insert("fan_out", TAMPERED[how]).write("fan_out", DIFFERENCES).bytes())
    assert points(graded)["fan_out"] == 0.0


BY_AN_EARLIER_ANSWER = """
import numpy as np
def fan_out(x):
    return float(numeric_gradient(lambda t: (t + 1) * t**2, np.array(x)))
"""


def test_what_is_given_in_an_earlier_exercises_place_earns_nothing_in_one_that_may_not_use_it(solved, grade):
    blank = code_cell("def numeric_gradient(f, theta):\n    raise NotImplementedError\n")
    solved.cells.insert(solved.place("fan_out"), blank | {"id": "exercise-numeric_gradient"})
    solved.write("fan_out", NOBODY_WATCHES + BY_AN_EARLIER_ANSWER)
    found = points(grade(solved.bytes()))
    assert found["fan_out"] == 0.0
    assert FULL.items() - {"fan_out": FULL["fan_out"]}.items() <= found.items()


RESTORED = """
known = [one for one in vars(kept.get("entering", types)).values() if isinstance(one, dict)]
known += [vars(one) for one in map(kept.get, kept) if isinstance(one, types.ModuleType)]
codes = {}
for one in [*known, *({"": code} for code in known[0].values())]:
    for code in one.values():
        if isinstance(code, types.CodeType):
            codes[code.co_qualname] = code
for name, module in [*sys.modules.items()]:
    if name.startswith(("lecture_lib.autodiff", "lecture_lib.learning")):
        for function in [*vars(module).values()]:
            if isinstance(function, types.FunctionType) and function.__name__ in codes:
                function.__code__ = codes[function.__name__]
def fan_out(x):
    n = ll.parameter(x, "x")
    return float(ll.backward((n + 1) * n**2)[n])
"""


def test_what_the_library_refuses_is_kept_nowhere(solved, grade):
    assert points(grade(solved.write("fan_out", GLOBALS + RESTORED).bytes()))["fan_out"] == 0.0


def test_a_code_that_no_function_has_any_more_is_kept_nowhere():
    names: Any = runpy.run_path(str(ROOT / "lecture_grader" / "inside" / "entering.py"))
    space: Any = {}
    exec(names["tells"]("def work():\n    return [one for one in (lambda: 'ab')()]\n", "own.py"), space)
    code = weakref.ref(space["work"].__code__)
    assert space["work"]() == ["a", "b"]
    assert code() is not None
    space["work"].__code__ = (lambda: None).__code__
    assert code() is None


BY_THE_FRAMES = """
import sys
frame, names = sys._getframe(), {}
while "_tell_from_now_on" not in names and frame is not None:
    held = [one for one in frame.f_locals.values() if isinstance(one, dict)]
    names = next((one for one in held if "_tell_from_now_on" in one), {})
    frame = frame.f_back
names["_is_refused"] = lambda *given: False
names["_refuses"].append(lambda frame: False)
names["_tell_from_now_on"]((), False)
codes = {known().co_qualname: known() for known in names["_telling"].values() if known()}
for name, module in [*sys.modules.items()]:
    if name.startswith(("lecture_lib.autodiff", "lecture_lib.learning")):
        for function in [*vars(module).values()]:
            if hasattr(function, "__code__") and function.__name__ in codes:
                function.__code__ = codes[function.__name__]
sgd_step = ll.sgd_step
"""


def test_no_frame_around_a_cell_leads_to_what_the_library_refuses(grade):
    handed_in = Solved(notebook_of("solutions", "01")).write("sgd_step", BY_THE_FRAMES)
    assert points(grade(handed_in.bytes()))["sgd_step"] == 0.0


IN_A_CHECK = """
asked = ll.backward(ll.sentence_graph(ll.my_example())["loss"])
ll.check("backward_by_hand", {name: asked[name[2:]] for name in ("d_p", "d_o", "d_U")})
"""
THE_LIBRARYS = "{name: ll.backward(ll.sentence_graph(ll.my_example())['loss'])[name[2:]]"
CARRIED = {
    "a check that is handed the whole": f"ll.check('backward_by_hand', {THE_LIBRARYS} for name in KEYS}})",
    "what the library has of its own": f"ll.PRIMITIVES.update(zz={THE_LIBRARYS} for name in KEYS}})",
    "a vocabulary": f"ll.my_example().vocabulary.update(zz={THE_LIBRARYS} for name in KEYS}})",
    "random numbers": "seen = ll.backward(ll.sentence_graph(ll.my_example())['loss'])\n"
    "[np.random.random() for _ in range(int(abs(1000 * seen['o'][0])))]",
}
TAKEN = {
    "a check that is handed the whole": "",
    "what the library has of its own": "backward_by_hand = ll.PRIMITIVES['zz']",
    "a vocabulary": "backward_by_hand = ll.my_example().vocabulary['zz']",
    "random numbers": "d_o = np.random.get_state()[2] // 2 / 1000\n"
    "backward_by_hand = {'d_p': 0, 'd_o': [d_o * (1 - 2 * y) for y in ll.my_example().y], 'd_U': 0}",
}


@pytest.mark.parametrize("how", CARRIED)
@pytest.mark.parametrize("notebook", ["the same", "another"])
def test_what_the_library_was_asked_for_is_carried_to_an_answer_by_nothing_that_lasts(how, notebook, sandbox):
    """Neither within a notebook, whatever no name of the notebook's stands for, nor from one to the next."""
    carrying = CARRIED[how].replace("KEYS", "('d_p', 'd_o', 'd_U')")
    answered = Solved(notebook_of("solutions", "06")).write("backward_by_hand", TAKEN[how])
    if notebook == "the same":
        one_by_one = [answered.insert("backward_by_hand", carrying)]
    else:
        one_by_one = [Solved(notebook_of("solutions", "05")).insert("forward_by_hand", carrying), answered]
    graded = grade_notebooks([read_notebook(one.bytes()) for one in one_by_one], sandbox, QUICK)
    assert points(graded[-1])["backward_by_hand"] == 0.0


@pytest.mark.parametrize("where", ["at the end", "above"])
def test_a_check_in_a_cell_of_ones_own_earns_nothing_by_the_librarys_work(where, grade):
    blank = Solved(notebook_of("solutions", "06")).write("backward_by_hand", "")
    if where == "above":
        blank.insert("backward_by_hand", IN_A_CHECK)
    else:
        blank.cells.append(code_cell(IN_A_CHECK))
    assert points(grade(blank.bytes()))["backward_by_hand"] == 0.0


HIDDEN_INPUTS = """
def fan_out(x):
    return ll.PRIMITIVES.update({("seen", x): 0})
"""


def test_inputs_that_an_answer_has_met_are_answered_by_no_later_cell(solved, grade):
    asked = "{key[1]: (lambda n: float(ll.backward((n + 1) * n**2)[n]))(ll.parameter(key[1], 'x'))"
    later = f"table = {asked} for key in ll.PRIMITIVES if type(key) is tuple}}\nfan_out = table.get"
    solved.write("fan_out", HIDDEN_INPUTS).cells.append(code_cell(later))
    assert points(grade(solved.bytes())) == FULL | {"fan_out": 0.0}


STOPS_THERE = {
    "a decorator that compares numbers": "import math\n"
    "def checked(f):\n"
    "    if not math.isclose(float(f(np.ones(2))[0]), float(ll.softmax(np.ones(2))[0])):\n"
    "        raise AssertionError\n"
    "    return f\n"
    "@checked\n"
    "def softmax(z):\n"
    "    e = np.exp(z - np.max(z))\n"
    "    return e / e.sum()\n",
    "nothing where they differ": "def softmax(z):\n"
    "    e = np.exp(z - np.max(z))\n"
    "    return e / e.sum()\n"
    "if str(softmax(np.ones(2)).tolist()) != str(ll.softmax(np.ones(2)).tolist()):\n"
    "    softmax = None\n",
}


@pytest.mark.parametrize("how", STOPS_THERE)
def test_of_an_answer_that_cannot_be_run_without_the_library_nothing_is_said_but_that(how, grade):
    graded = grade(Solved(notebook_of("solutions", "02")).write("softmax", STOPS_THERE[how]).bytes())
    assert "Without the library's own work the answer is not right" not in words(graded)
    assert [said for said in graded.human if NO_ANSWER in said]
    assert points(graded)["softmax"] == 0.0


def test_who_is_slow_only_where_the_library_refuses_earns_nothing(sandbox):
    asked = "ll.nll(np.array([0.5, 0.5]), np.array([1, 0]))"
    slow = f"import time\nimport numpy as np\nif not isinstance({asked}, float): time.sleep(1.5)"
    handed_in = Solved(notebook_of("solutions", "03")).write("fan_out", WORK + TABLE + LOOKED_UP)
    for _ in range(8):
        handed_in.insert("fan_out", slow)
    settings = replace(QUICK, times=replace(QUICK.times, submission=12.0))
    graded = grade_notebook(read_notebook(handed_in.bytes()), sandbox, settings)
    assert points(graded)["fan_out"] == 0.0
    assert [said for said in graded.human if NO_ANSWER in said]


def test_all_right_answers_are_right_where_the_library_refuses(solved, grade, monkeypatch):
    monkeypatch.setattr("lecture_grader.grading.one_notebook.may_be_the_librarys", lambda *given: True)
    for lesson in ("01", "02", "03", "04", "05", "06", "07", "08", "09"):
        assert points(grade(Solved(notebook_of("solutions", lesson)).bytes())) == points_of(lesson)


OWN_CELL = "neuron = ll.backward(loss)\nll.scrubber(neuron)"
"""A lesson's own cell, as it was given out."""


def by_lessons_cell(keep: str, take: str) -> Any:
    """Have a lesson's own cell differentiate; what it gives is kept where no name of the notebook's leads."""
    solved = Solved(notebook_of("solutions", "06"))
    for cell in ("loss = ll.sentence_graph(ll.my_example())['loss']", OWN_CELL, keep):
        solved.insert("backward_by_hand", cell)
    answer = f"backward_by_hand = {{name: ({take})[name[2:]] for name in ('d_p', 'd_o', 'd_U')}}"
    return solved.write("backward_by_hand", answer)


KEPT_BY_NO_NAME = {
    "the operations": ("ll.PRIMITIVES.update(kept=neuron)", "ll.PRIMITIVES['kept']"),
    "where an operation is defined": ("ll.relu.domain.update(kept=neuron)", "ll.relu.domain['kept']"),
    "how numbers are printed": (
        "def kept(k):\n    with np.printoptions(formatter={'float': k}):\n        yield\n"
        "box = kept(neuron)\nnext(box)",
        "np.get_printoptions()['formatter']['float']",
    ),
    "what NumPy calls at an error": (
        "def kept(k):\n    with np.errstate(call=lambda *_, kept=k: kept):\n        yield\n"
        "box = kept(neuron)\nnext(box)",
        "np.geterrcall()()",
    ),
    "an operation of one's own": (
        "@ll.primitive('{a}', 'a (...) -> z (...)', symbol='k')\n"
        "def cbrt(a, *, kept=[neuron['p'], neuron['o']]):\n    return kept[int(a)]",
        "{'p': np.cbrt(ll.parameter(0.0)).value, 'o': np.cbrt(ll.parameter(1.0)).value, 'U': 0}",
    ),
    "a check": (
        "ll.check('backward_by_hand', {name: neuron[name[2:]] for name in ('d_p', 'd_o', 'd_U')})",
        "{}",
    ),
}


@pytest.mark.parametrize("where", KEPT_BY_NO_NAME)
def test_what_a_lessons_own_cell_has_asked_for_is_carried_to_an_answer_by_nothing(where, grade):
    graded = grade(by_lessons_cell(*KEPT_BY_NO_NAME[where]).bytes())
    assert points(graded)["backward_by_hand"] == 0.0


def test_a_lessons_own_cell_hands_on_no_function_of_an_earlier_lesson(grade):
    solved = Solved(notebook_of("solutions", "02"))
    solved.write("softmax", "seen = []\ndef softmax(z):\n    seen.append(z.copy())\n")
    for cell in (
        'own_softmax = ll.mine("softmax")',
        "table = {str(z.tolist()): own_softmax(z) for z in seen}",
        'll.check("softmax", lambda z: table[str(z.tolist())])',
    ):
        solved.cells.append(code_cell(cell))
    assert points(grade(solved.bytes()))["softmax"] == 0.0


def test_a_node_of_ones_own_tells_no_check_what_a_lessons_own_cell_hands_it(grade):
    solved = Solved(notebook_of("solutions", "06"))
    for cell in (
        "graph = ll.sentence_graph\n",
        "m = ll.my_example()\nU, o = ll.parameter(m.U, 'U'), None\n"
        "h = ll.parameter(np.maximum(m.W @ ll.encode(m.tokens, m.vocabulary, m.E) + m.b, 0))\n"
        "def told(d):\n"
        "    ll.check('backward_by_hand', {'d_p': d, 'd_o': d, 'd_U': np.outer(d, h.value)})\n"
        "    return [d]\n"
        "o = ll.operation(m.U @ h.value, (ll.parameter(m.U @ h.value),), told)\n"
        "e = ll.exp(o)\nloss = -(ll.log(e / e.sum()) * m.y).sum()",
        OWN_CELL,
        "if False:\n    ll.check('backward_by_hand', backward_by_hand)",
    ):
        solved.insert("backward_by_hand", cell)
    solved.write("backward_by_hand", "backward_by_hand = ...")
    assert points(grade(solved.bytes()))["backward_by_hand"] == 0.0


TOLD = """
m = ll.my_example()
h = ll.parameter(np.maximum(m.W @ ll.encode(m.tokens, m.vocabulary, m.E) + m.b, 0))
backward_by_hand = {}
def told(d):
    KEEP
    return [d]
e = ll.exp(ll.operation(m.U @ h.value, (ll.parameter(m.U @ h.value),), told))
p = e / e.sum()
loss = -(ll.log(p) * m.y).sum()
"""
KEPT_WHERE_NO_NAME_LEADS = {
    "in what a check was handed before": (
        "backward_by_hand.update(d_p=-m.y / p.value, d_o=d, d_U=np.outer(d, h.value))",
        "if False:\n    ll.check('backward_by_hand', nothing)",
    ),
    "in the state of random numbers": (
        "[np.random.random() for _ in range(int(100 * abs(d[0])))]",
        "d_o = np.random.get_state()[2] // 2 / 100\n"
        "by_chance = {'d_p': 0, 'd_o': [d_o * (1 - 2 * y) for y in ll.my_example().y], 'd_U': 0}\n"
        "ll.check('backward_by_hand', by_chance)",
    ),
}


@pytest.mark.parametrize("where", KEPT_WHERE_NO_NAME_LEADS)
@pytest.mark.parametrize("below", ["print(neuron)", "import os\nprint(neuron)"], ids=["tame", "wild"])
def test_a_lessons_own_cell_that_is_run_for_a_cell_below_the_answer_may_have_done_the_work(
    where, below, grade
):
    keep, asked = KEPT_WHERE_NO_NAME_LEADS[where]
    solved = Solved(notebook_of("solutions", "06"))
    last = solved.cell("mlp_gradients")
    solved.cells[:] = [code_cell("import numpy as np\n\nimport lecture_lib as ll")]
    handed = "ll.check('backward_by_hand', backward_by_hand)"
    for cell in (TOLD.replace("KEEP", keep), handed, OWN_CELL, asked, below):
        solved.cells.append(code_cell(cell))
    solved.cells.append(last)
    assert points(grade(solved.bytes())) == points_of("06") | {"backward_by_hand": 0.0, "errata": 0.0}


OWN_BACKWARD = """
def backward(root):
    gradients = {root: 1.0}
    for node in reversed(ll.topological_order(root)):
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node])):
            gradients[parent] = gradients.get(parent, 0.0) + d_parent
    return gradients
"""


def suspected(solved: Any, id: str) -> bool:
    """Whether an exercise may be answered by what the library was asked for, after its last cell."""
    cells = read_notebook(solved.bytes()).cells
    known = {cell.number: read_cell(cell.source, read(cell.source)[0]) for cell in cells if is_code(cell)}
    there = {number: cell for number, cell in known.items() if cell is not None}
    found = find_exercises(cells, there)
    every = [one for one in (*found, *other_answers(found, there)) if one.exercise.id == id]
    run = needed(found, there, lessons_own())
    return may_be_the_librarys(every[-1], there, found, lessons_own(), run)


ASKED_IN_BACKWARD = {
    "while the cell is run": OWN_BACKWARD + "kept = (ll.parameter(2.0) * ll.parameter(3.0)).vjp(1.0)\n",
    "where its function is defined": OWN_BACKWARD.replace("(root)", "(root, by=ll.parameter(2.0).vjp(1.0))"),
    "in a decorator": "@(lambda f: f)\n" + OWN_BACKWARD,
    "by something that lasts": OWN_BACKWARD.replace("    return", "    np.random.random(3)\n    return"),
}
CHECKED_LATER = "ll.check('mul_vjp', lambda d_out, a, b: (d_out * b, d_out * a))"


@pytest.mark.parametrize("how", ASKED_IN_BACKWARD)
def test_another_exercises_cell_that_does_more_than_to_answer_may_have_done_the_work(how):
    solved = Solved(notebook_of("solutions", "04")).write("backward", ASKED_IN_BACKWARD[how])
    assert suspected(solved.insert("gradient_check", CHECKED_LATER), "mul_vjp")


def test_another_exercises_cell_that_only_answers_with_what_that_may_use_has_not():
    solved = Solved(notebook_of("solutions", "04")).write("backward", OWN_BACKWARD)
    assert not suspected(solved.insert("gradient_check", CHECKED_LATER), "mul_vjp")
    called = Solved(notebook_of("solutions", "04")).write("backward", OWN_BACKWARD)
    called.insert("gradient_check", "gone = backward(ll.parameter(2.0) * 3)")
    assert suspected(called.insert("gradient_check", CHECKED_LATER), "mul_vjp")


TO_AND_FROM = {
    "its name is read": ("", "print(neuron)"),
    "a name that it reads is another's": (
        "seen = []\nloss = ll.operation(2.0, (), seen.append)",
        "print(seen)",
    ),
    "what it reads tells a check": (
        "loss = ll.operation(2.0, (), lambda d: [ll.check('fan_out', d)])",
        "if False:\n    ll.check('fan_out', fan_out)",
    ),
}


@pytest.mark.parametrize("how", TO_AND_FROM)
def test_a_lessons_own_cell_between_two_of_ones_own_may_have_done_the_work(how, solved):
    above, below = TO_AND_FROM[how]
    solved.insert("backward_order", above).insert("backward_order", OWN_CELL)
    for cell in (below, "ll.check('fan_out', lambda x: 3 * x * x + 2 * x)"):
        solved.insert("backward_order", cell)
    assert suspected(solved, "fan_out")


def test_a_lessons_own_cell_that_nothing_of_ones_own_has_to_do_with_has_not(solved):
    solved.insert("backward_order", OWN_CELL)
    solved.insert("backward_order", "ll.check('fan_out', lambda x: 3 * x * x + 2 * x)")
    assert not suspected(solved, "fan_out")


FROM_A_FILE_OF_THE_LIBRARY = {
    "one that is not there": "fake.__code__ = fake.__code__.replace(co_filename=HOME + 'show/made_up.py')\n",
    "one that is": "fake.__code__ = fake.__code__.replace(co_filename=HOME + 'common/trees.py')\n",
    "within another": "space = {}\ncode = compile('def fake(n, d):\\n    return n.vjp(d)', 'x', 'exec')\n"
    "inner = [one.replace(co_filename=HOME + 'common/trees.py') if hasattr(one, 'co_name') else one\n"
    "    for one in code.co_consts]\n"
    "exec(code.replace(co_consts=tuple(inner)), space)\nfake = space['fake']\n",
    "what makes graphs": "import lecture_lib.lessons.lesson_04.recipes as made\n"
    "def fake(n, d):\n    values = [p.value for p in n.parents]\n"
    "    graph = made.graph(['leaf', 'leaf', 'multiply'], [[], [], [0, 1]], [*values, n.value])\n"
    "    return graph.argument.vjp(d)\n",
}


@pytest.mark.parametrize("which", FROM_A_FILE_OF_THE_LIBRARY)
def test_code_that_says_it_lies_in_the_library_is_a_cells(which, grade):
    source = (
        "HOME = ll.__file__.replace('__init__.py', '')\ndef fake(n, d):\n    return n.vjp(d)\n"
        + FROM_A_FILE_OF_THE_LIBRARY[which]
        + "def mul_vjp(d_out, a, b):\n    return fake(ll.parameter(a) * ll.parameter(b), d_out)\n"
    )
    graded = grade(Solved(notebook_of("solutions", "04")).write("mul_vjp", source).bytes())
    assert points(graded)["mul_vjp"] == 0.0


@pytest.mark.parametrize("lesson", ["01", "02", "03", "04", "05", "06", "07", "08", "09"])
def test_an_ordinary_notebook_is_not_run_again_without_the_librarys_work(lesson, grade, monkeypatch):
    """Twice as long would everybody wait for that."""
    plans: list[Any] = []
    follow = AtOnce.follow
    monkeypatch.setattr(
        AtOnce, "follow", lambda self, plan, *given: plans.append(plan) or follow(self, plan, *given)
    )
    assert points(grade(Solved(notebook_of("solutions", lesson)).bytes())) == points_of(lesson)
    assert plans
    assert not [step for plan in plans for step in plan if isinstance(step, Refuse)]
