"""What people write in notebooks, beside Python: it costs no points that were earned."""

import pytest

from lecture_grader import Graded, read_notebook
from lecture_grader.grading import grade_notebooks
from tests.grader.kit import FULL, QUICK, Solved, code_cell, notebook_of, points, points_of, words

PLT = "import matplotlib.pyplot as plt\n"
RIGHT = "def fan_out(x):\n    return 3 * x**2 + 2 * x\n"

AS_IPYTHON_READS_IT = {
    "a comment that asks": "%time 1\ndef fan_out(x):\n    d = 3 * x**2 + 2 * x  # both?\n    return d\n",
    "a docstring that asks": '%time 1\ndef fan_out(x):\n    """What do they bring?\n\n    Both.\n    """\n'
    "    return 3 * x**2 + 2 * x\n",
    "an if that asks, under %%time": "%%time\ndef fan_out(x):\n    if x is None:  # can it be?\n"
    "        return 0\n    return 3 * x**2 + 2 * x\n",
    "a return that asks": "%matplotlib inline\ndef fan_out(x):\n    return 3 * x**2 + 2 * x  # sign?\n",
    "a line that goes on with %": "%time 1\ndef fan_out(x):\n    k = (17\n         % 5)\n"
    "    return (k + 1) * x**2 + 2 * x\n",
    "a text with a line that begins with %": f'%time 1\ntext = """\n%d of them\n!\n"""\nassert "%d" in text\n'
    f"{RIGHT}",
    "a whole cell indented": "    def fan_out(x):\n        return 3 * x**2 + 2 * x\n",
    "prompts of Python": ">>> def fan_out(x):\n...     return 3 * x**2 + 2 * x\n",
    "prompts of IPython": "In [3]: def fan_out(x):\n   ...:     return 3 * x**2 + 2 * x\n",
    "a prompt that Python could read": f"In [3]: k = 3\nassert k == 3\n{RIGHT}",
    "%time with an assignment": "%time k = 3\ndef fan_out(x):\n    return k * x**2 + 2 * x\n",
    "%prun with an option": "%prun -l 5 k = 3\ndef fan_out(x):\n    return k * x**2 + 2 * x\n",
    "%%prun": f"%%prun\n{RIGHT}",
    "%%capture with a name": f"%%capture out\n{RIGHT}",
    "a magic under %%time": f"\n\n%%time\n%matplotlib inline\n{RIGHT}",
    "a magic in a block": f"if True:\n    %matplotlib inline\n{RIGHT}",
    "a magic that goes on": f"!pip install \\\n    pandas \\\n    scipy\n{RIGHT}",
    "what a cell shows, kept": "%%capture --no-stderr shown\nprint(1)\n" + RIGHT + "assert shown != 1\n",
    "what a magic and the shell give": f"files = !ls\nwho = %who_ls\n{RIGHT}",
    "a question": f"fan_out?\nnp.sum??\n?print\n{RIGHT}",
    "a call without brackets": f"/print 1\n,print a b\n;print a b\n{RIGHT}",
    "two magics in a row": f"%load_ext autoreload\n%autoreload 2\n{RIGHT}",
    "%time of a magic": f"%time !ls\n{RIGHT}",
    "%prun with an option that takes a word": "%prun -s cumulative k = 3\ndef fan_out(x):\n"
    "    return k * x**2 + 2 * x\n",
    "what the shell gives, used": f"files = !ls\nfirst, *rest = !ls\nprint(files[0], len(rest))\n{RIGHT}",
    "a library's own magic over Python": f"%%ipytest -qq\n%matplotlib inline\n{RIGHT}",
    "a remainder that ends a line": f"k = 7 %\\\n  4\nassert k == 3\n{RIGHT}",
}


@pytest.mark.parametrize("name", AS_IPYTHON_READS_IT)
def test_a_cell_is_read_as_ipython_reads_it(name, solved, grade):
    assert points(grade(solved.write("fan_out", AS_IPYTHON_READS_IT[name]).bytes())) == FULL


@pytest.mark.parametrize("line", ["ls", "pwd", "who", "whos", "lsmagic"])
def test_a_magic_without_its_sign_that_is_a_name_stops_no_cell(line, solved, grade):
    assert grade(solved.insert("neuron_forward", line).bytes()).notes == ()


ONE_LINE = ("pip install numpy", "cd ..", "matplotlib inline", "%%sql\nselect * from t\n", "%%bash\nls -l\n")


def test_a_cell_that_is_for_a_notebook_only_is_skipped_and_no_error(solved, grade):
    for cell in ONE_LINE:
        solved.insert("neuron_forward", cell)
    notes = grade(solved.bytes()).notes
    assert len(notes) == len(ONE_LINE)
    assert all("is for a notebook only" in note for note in notes)


@pytest.mark.parametrize("line", ["%run {}", "k = !ls {}", "%%bash {}", "%time print('{}')", ",print {}"])
def test_a_long_line_that_was_skipped_is_quoted_with_a_sign_where_it_is_cut(line, solved, grade):
    (note,) = grade(solved.insert("neuron_forward", line.format("x" * 40)).bytes()).notes
    assert f'"{line.format("x" * 40)[:40]} …"' in note


def test_a_line_of_an_error_is_the_line_that_is_seen(solved, grade):
    solved.write("fan_out", "\n\n%time 1\n!ls \\\n  -l\ndef fan_out(x):\n    return undefined")
    failure = grade(solved.bytes()).exercises["fan_out"].verdict.failure
    assert (failure.line, failure.text) == (7, "return undefined")


IN_EVERY_NOTEBOOK = {
    "display": "display('begin')\n",
    "get_ipython": "get_ipython().run_line_magic('matplotlib', 'inline')\n",
    "input": "n = int(input('how many? '))\n",
    "fig, ax": PLT + "fig, ax = plt.subplots()\nax.plot([1, 2])\nax.set(title='x')\n",
    "fig, (a, b)": PLT + "fig, (a, b) = plt.subplots(1, 2)\na.plot(1)\n",
    "axes in their array": "from matplotlib import pyplot as plt\nfig, axes = plt.subplots(2, 3, dpi=80)\n"
    "assert axes.shape == (2, 3)\nfor k, ax in enumerate(axes.flat):\n    ax.plot(k)\nassert k == 5\n",
    "axes of pyplot by another way": "from matplotlib import pyplot as plt\nimport matplotlib as mpl\n"
    "fig, axes = plt.subplots(1, 3)\naxes[2].plot([1])\nfig, ((a, b), (c, d)) = mpl.pyplot.subplots(2, 2)\n"
    "n, bins, patches = plt.hist([1, 2])\n",
    "line,": PLT + "line, = plt.plot([1, 2])\nline.set_data([1], [2])\n",
    "first, *rest": PLT + "first, *rest = plt.plot([1, 2])\n",
    "len": PLT + "assert len(plt.gca().lines) >= 0\n",
    "a figure's axes": PLT + "fig = plt.figure()\nfig.subplots().plot(1)\n"
    "axes = fig.subplots(2, 3)\nassert axes.shape == (2, 3)\naxes[1, 2].plot(1)\n",
    "all of pyplot": "from matplotlib.pyplot import *\nfigure()\nplot([1, 2])\nshow()\n",
    "all of pylab": "%pylab inline\nx = linspace(0, 1, 3)\nplot(x, exp(x))\nassert x.shape == (3,)\n",
    "all widgets": "from ipywidgets import *\n@interact(k=(0, 3))\ndef shown(k=2):\n    return k\n",
    "hist": PLT + "n, bins, patches = plt.hist([1, 2, 2], bins=2)\nassert n.sum() == 3\n"
    "assert len(bins) == 3\n",
    "limits are calculated with": PLT + "low, high = plt.ylim()\n"
    "plt.ylim(low - 1, high * 1.1 + np.ones(2))\nf'{high:.2f} {low!r}', high > 3\nfloat(high), int(low)\n",
    "colours": PLT + "colors = plt.cm.viridis(np.linspace(0, 1, 3))\n"
    "plt.plot([1], color=colors[0])\nplt.rcParams['figure.dpi'] = 80\n",
    "limits that are spread out": PLT + "ax = plt.gca()\nx = np.linspace(*ax.get_xlim(), 5)\n"
    "y = np.linspace(*plt.ylim(0, 2), 5)\nassert x.shape == y.shape == (5,)\n",
    "colours one after the other": PLT + "from itertools import cycle\n"
    "colors = plt.rcParams['axes.prop_cycle'].by_key()['color']\n"
    "plt.plot([1], color=colors[3 % len(colors)])\nagain = cycle(colors)\nplt.plot([1], color=next(again))\n",
    "a style": PLT + "with plt.style.context('ggplot') as here:\n    plt.show()\n",
    "an animation": "from matplotlib.animation import FuncAnimation\na = FuncAnimation(None, lambda k: k)\n",
    "NumPy's own assertions": "import torch\nt = torch.tensor([1.0, 2.0])\n"
    "np.testing.assert_allclose(t.numpy(), [1, 2])\nfrom numpy.testing import assert_array_equal\n"
    "assert_array_equal(actual=np.ones(2), desired=t)\nwith np.testing.assert_raises(AssertionError):\n"
    "    np.testing.assert_allclose(np.ones(2), 2)\n",
    "a bar": "from tqdm import tqdm\nbar = tqdm(range(3))\nfor i in bar:\n    bar.set_description('x')\n"
    "assert i == 2\n",
    "a bar that is entered": "from tqdm.auto import tqdm\nwith tqdm(total=3) as bar:\n    bar.update(1)\n"
    "tqdm.write('x')\nassert len(tqdm([1, 2])) == 2\n",
    "trange": "from tqdm import trange\nassert [*trange(2)] == [0, 1]\n",
    "interact": "from ipywidgets import interact\n@interact(k=(0, 3))\ndef shown(k=2):\n    return k\n"
    "assert shown(3) == 3\n",
    "pandas": "import pandas as pd\nframe = pd.DataFrame({'a': [1]})\nframe['b'] = frame.a * 2\n",
    "scipy": "from scipy.special import softmax\nimport scipy.stats as stats\n",
    "colab": "from google.colab import drive\ndrive.mount('/content/drive')\n",
    "torch": "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n"
    "        super().__init__()\nnet = Net()\nwith torch.no_grad():\n    pass\n",
    "a network that is used": "import torch\nfrom torch import nn\nclass Net(nn.Module, nn.Other):\n"
    "    def __init__(self, k):\n        super().__init__(k)\n        self.k = k\n"
    "net = Net(3)\nnet.train()\nnet(1).backward()\nassert net.k == 3\nassert isinstance(net, nn.Module)\n"
    "optimiser = torch.optim.SGD(net.parameters(), lr=0.1)\nNet.load('x')\n"
    "class Step(torch.autograd.Function):\n    pass\nStep.apply(3)\n",
    "a model with fields": "from pydantic import BaseModel\nclass Point(BaseModel):\n    x: int = 0\n"
    "assert Point(x=3).x == 3\n",
    "a kind that is asked for": "import torch\nimport pandas as pd\n"
    "assert not isinstance(3.0, torch.Tensor)\n"
    "assert not isinstance(np.ones(2), (pd.Series, torch.Tensor))\nassert not issubclass(int, pd.Series)\n"
    f"{PLT}assert isinstance(plt.figure(), plt.Figure)\n",
    "an error that is caught": "import requests, torch\ntry:\n    1 / 0\n"
    "except (requests.HTTPError, torch.Error):\n"
    "    pass\nexcept ZeroDivisionError:\n    pass\nimport warnings\n"
    "warnings.simplefilter('ignore', requests.exceptions.SomeWarning)\n",
    "what must be so": "import torch\nt = torch.tensor([1.0, 2.0])\nassert t.shape == (2,)\nassert t[0] < 3\n"
    "assert np.allclose(t, np.ones(2))\nif t < 3:\n    raise ValueError\n",
    "a test": "import pytest\nwith pytest.raises(ZeroDivisionError):\n    1 / 0\n",
    "a function that is handed over": "import pandas as pd\nframe = pd.DataFrame({'a': [1]})\n"
    "frame['b'] = frame['a'].apply(lambda a: a + 1) * 2 + 1\n",
    "a version": f"{PLT}import torch\nprint(torch.__version__, int(torch.__version__.split('.')[0]))\n",
    "who is at work": "import getpass\nprint(getpass.getuser())\n",
    "a stop": "breakpoint()\n",
    "where text is shown": "import sys\nassert sys.stdout.encoding.lower() == 'utf-8'\n",
    "a warning that is looked for": "import warnings\n"
    "with warnings.catch_warnings(record=True) as given:\n    np.exp(np.array([1000.0]))\n"
    "assert 'overflow' in str(given[0].message)\n",
    "a warning that is an error": "import warnings\nwith warnings.catch_warnings():\n"
    "    warnings.simplefilter('error')\n    try:\n        np.log(np.zeros(1))\n"
    "        raise AssertionError\n    except RuntimeWarning:\n        pass\n",
    "how NumPy warns": "assert np.geterr()['over'] == 'warn'\n",
    "a result of before": "_\nOut[3]\nprint(_i, _ii, In[-1])\nhelp(len)\n",
    "a password": "import getpass\nkey = getpass.getpass('Your key: ')\n"
    "key = getpass.getpass(prompt='Again: ')\n",
    "a bar of another name": "import tqdm\nfrom tqdm.contrib import tenumerate, tzip\n"
    "from rich.progress import track\nfrom fastprogress import progress_bar\n"
    "for bar in (tqdm.tqdm, tqdm.auto.tqdm, tqdm.tqdm_notebook, track, progress_bar):\n"
    "    assert [*bar(k for k in [5, 6])] == [5, 6]\nassert [*tqdm.notebook.trange(2)] == [0, 1]\n"
    "assert [*tenumerate([5])] == [(0, 5)]\nassert [*tzip([1], [2])] == [(1, 2)]\n",
    "a decorator": "from numba import njit\n@njit\ndef f(x): return x + 1\nassert f(1) == 2\n",
    "a file of one's own": "from my_helpers import *\nimport utils\n",
    "a loop of events": "import asyncio\nimport nest_asyncio\nnest_asyncio.apply()\n"
    "async def three():\n    return 3\n"
    "assert asyncio.get_event_loop().run_until_complete(three()) == 3\n",
    "a method that takes a function": "import pandas as pd\ndef twice(row):\n    return 2 * row\n"
    "frame = pd.DataFrame()\nframe['b'] = frame['a'].apply(twice) * 2 + frame.map(twice, axis=1)\n",
}


@pytest.mark.parametrize("name", IN_EVERY_NOTEBOOK)
def test_what_a_notebook_has_or_imports_stops_no_cell(name, solved, grade):
    graded = grade(solved.write("fan_out", f"import numpy as np\n{IN_EVERY_NOTEBOOK[name]}{RIGHT}").bytes())
    assert points(graded) == FULL, graded.notes
    assert graded.human == ()
    assert not any("stopped" in note for note in graded.notes)


BY_K = """
def neuron_gradients(x, w, b, y):
    e = y - (w * x + b)
    return -K * e * x, -K * e
"""
WITH_A_RESULT = {
    # the cells above an answer; K is 2.0 in a notebook that is run from top to bottom
    "the last": ["5.0 - 3.0", "K = _"],
    "the one before": ["5.0 - 3.0", "'text'", "K = __"],
    "the one before that": ["5.0 - 3.0", "'text'", "(3,)", "K = ___"],
    "behind a cell that shows nothing": ["5.0 - 3.0", "k = 7", "7;", "None", "print(7)", "7 ; # no", "K = _"],
    "behind a picture": ["5.0 - 3.0", f"{PLT}plt.plot([1])\nplt.show()", "display(7)", "K = _"],
    "of the last line alone": ["7.0\n5.0 - 3.0  # so much", "K = _"],
    "of a magic": ["%time 5.0 - 3.0", "K = _"],
    "of a cell that waits": ["import asyncio\nawait asyncio.sleep(0, 5.0 - 3.0)", "K = _"],
    "of a cell that is more than tame": ["import os\n5.0 - 3.0", "K = _"],
    "in brackets": ["(\n    5.0 - 3.0\n)", "K = _"],
    "that a function reads": ["5.0 - 3.0", "def of():\n    return _", "K = of()"],
    "of a result": ["1.0", "_ + 1.0", "K = _"],
    "by the newest number": ["5.0 - 3.0", "K = Out[max(Out)]"],
    "by a list of them all": ["5.0 - 3.0", "K = [*_oh.values()][-1]"],
    "beside a name of one's own": ["_ = 2.0", "7.0", "K = _"],
    "where the name was a loop's": ["for _ in (1.0, 2.0):\n    pass", "7.0", "K = _"],
    "with a list of what was written": ["_ih, In, _i, _dh", "5.0 - 3.0", "K = _"],
}


@pytest.mark.parametrize("how", WITH_A_RESULT)
def test_what_a_cell_has_shown_is_there_below_it_as_in_ipython(how, solved, grade):
    for cell in WITH_A_RESULT[how]:
        solved.insert("neuron_gradients", cell)
    graded = grade(solved.write("neuron_gradients", BY_K).bytes())
    assert points(graded) == FULL
    assert graded.human == ()


@pytest.mark.parametrize("name", ["Out[{}]", "_oh[{}]", "_{}"])
def test_a_result_has_the_number_that_its_cell_has_when_all_are_run_from_top_to_bottom(name, solved, grade):
    above = [cell for cell in solved.cells[: solved.place("neuron_gradients")] if cell["cell_type"] == "code"]
    solved.insert("neuron_gradients", "").insert("neuron_gradients", "5.0 - 3.0")
    solved.insert("neuron_gradients", f"K = {name.format(len(above) + 1)}")
    graded = grade(solved.write("neuron_gradients", BY_K).bytes())
    assert points(graded) == FULL
    assert graded.human == ()


def test_results_are_there_though_the_process_ended_between(solved, grade):
    for cell in ("5.0 - 3.0", "import os\nos._exit(1)", "K = _"):
        solved.insert("neuron_gradients", cell)
    assert points(grade(solved.write("neuron_gradients", BY_K).bytes())) == FULL


def test_the_results_of_one_notebook_are_none_of_the_next(solved, lesson_03, sandbox):
    shows, uses = Solved(lesson_03), solved.write("neuron_gradients", BY_K)
    shows.insert("neuron_gradients", "5.0 - 3.0").insert("neuron_gradients", "_")
    uses.insert("neuron_forward", "K = ([0.0] + [n for n in _oh.values() if type(n) is float])[-1]")
    both = [read_notebook(one.bytes()) for one in (shows, uses)]
    assert points(grade_notebooks(both, sandbox, QUICK)[1])["neuron_gradients"] == 0


def test_what_the_library_did_for_a_result_is_not_the_answers_own(solved, grade):
    for cell in ("ll.backward(loss)", "K = _['e'] / e.value"):
        solved.insert("neuron_gradients", cell)
    graded = grade(solved.write("neuron_gradients", BY_K).bytes())
    assert points(graded)["neuron_gradients"] == 0
    assert "without the library's own work" in words(graded)


@pytest.mark.parametrize("name", ["Out[99]", "_99", "eval(In[2])"])
def test_a_result_by_a_number_that_may_have_cost_points_is_named_to_a_human(name, solved, grade):
    solved.insert("neuron_gradients", "5.0 - 3.0").insert("neuron_gradients", f"K = {name}")
    graded = grade(solved.write("neuron_gradients", BY_K).bytes())
    assert points(graded)["neuron_gradients"] == 0
    (said,) = graded.human
    assert said.startswith(
        "neuron_gradients is not right, and it may use a cell's result or text by its number"
    )


def test_names_of_ones_own_are_no_numbers_of_results(solved, grade):
    solved.insert("neuron_gradients", "In, Out, _1 = 2, 3, 4")
    graded = grade(solved.write("neuron_gradients", BY_K.replace("K", "(In + Out + _1)")).bytes())
    assert points(graded)["neuron_gradients"] == 0
    assert graded.human == ()


FILE = "def slope(x):\n    return 3 * x**2 + 2 * x\n"
IN_A_FILE = {
    "the file is run": [f"%%writefile own.py\n{FILE}", "%run own.py\nfan_out = slope"],
    "the file is run by its short name": [f"%%file 'own.py'\n{FILE}", "%run -t own 3\nfan_out = slope"],
    "the file is in a folder": [f"%%writefile own/part.py\n{FILE}", "from own.part import slope as fan_out"],
    "the folder is named": [
        f"%%writefile own/part.py\n{FILE}",
        "import sys\nsys.path.append('own')\nfrom part import slope as fan_out",
    ],
    "the file is none of Python": [
        "%%writefile own.json\n{\"k\": 3}\n",
        "import json\nk = json.load(open('own.json'))['k']\n\n\ndef fan_out(x):\n    return k * x**2 + 2 * x",
    ],
    "the file imports what is lacking": [
        f"%%writefile own.py\nimport scipy.special\nimport torch\n{FILE}", "from own import slope as fan_out"
    ],
    "a function is imported": [f"%%writefile own.py\n{FILE}", "from own import slope as fan_out"],
    "the module is imported": [f"\n%%file own.py \n{FILE}", "import own\nfan_out = own.slope"],
    "the file is written in two cells": [
        "%%writefile own.py\nk = 2\n",
        "%%writefile -a own.py\n" + FILE.replace("2 * x\n", "k * x\n"),
        "import own\n\n\ndef fan_out(x):\n    return own.slope(x)",
    ],
    "the file is written anew": [
        "%%writefile own.py\nslope = None\n",
        "import own",
        f"%%writefile own.py\n{FILE}",
        "import importlib\nimportlib.reload(own)\nfan_out = own.slope",
    ],
    "it is called as a library": [
        "%%writefile numpy.py\nouter = None\n", "import numpy\nassert numpy.outer\n" + RIGHT
    ],
}  # fmt: skip


@pytest.mark.parametrize("how", IN_A_FILE)
def test_a_module_that_a_cell_writes_is_imported_below(how, solved, grade):
    *cells, answer = IN_A_FILE[how]
    for cell in cells:
        solved.insert("fan_out", cell)
    graded = grade(solved.write("fan_out", answer).bytes())
    assert points(graded) == FULL
    assert graded.human == ()
    assert len(graded.notes) == sum("file" in cell for cell in cells) + ("%run" in answer)


@pytest.mark.parametrize("name", ["own.py", "own/part.py"])
@pytest.mark.parametrize("wrong", ["return x", "return undefined", "return ll.backward(x)"])
def test_a_module_that_a_cell_writes_is_not_called_lacking(wrong, name, solved, grade):
    written = f"import lecture_lib as ll\ndef fan_out(x):\n    {wrong}\n"
    solved.insert("fan_out", f"%%writefile {name}\n{written}")
    module = name.removesuffix(".py").replace("/", ".")
    graded = grade(solved.write("fan_out", f"from {module} import fan_out").bytes())
    assert points(graded)["fan_out"] == 0
    assert graded.human == ()


DECORATED = {
    "options": "from numba import njit\ndef by(x):\n    return 3 * x**2 + 2 * x\n"
    "fan_out = njit(by, cache=True)\n",
    "options beforehand": "import jax\nfrom functools import partial\n"
    f"@partial(jax.jit, static_argnums=(0,))\n{RIGHT}",
    "a method": "import jax\nfrom functools import partial\nclass By:\n    k = 3\n"
    "    @partial(jax.jit, static_argnums=(0,))\n    def of(self, x):\n        return self.k * x**2 + 2 * x\n"
    "fan_out = By().of\n",
}


ASKED_BY_ITS_ANSWER = {
    "whether it is a tensor": "import torch\ndef fan_out(x):\n    if torch.is_tensor(x):\n"
    "        return x.sum()\n    return 3 * x**2 + 2 * x\n",
    "whether it is sparse": "from scipy.sparse import issparse\ndef fan_out(x):\n"
    "    x = x.todense() if issparse(x) else x\n    return 3 * x**2 + 2 * x\n",
    "for a range": "from numba import njit, prange\n@njit(parallel=True)\ndef fan_out(x):\n    s = 0.0\n"
    "    for k in prange(2, 4):\n        s += k * x ** (k - 1)\n    return s\n",
}


@pytest.mark.parametrize("what", ASKED_BY_ITS_ANSWER)
def test_an_answer_may_ask_a_lacking_library_about_what_it_is_given(what, solved, grade):
    graded = grade(solved.write("fan_out", ASKED_BY_ITS_ANSWER[what]).bytes())
    assert points(graded) == FULL
    assert graded.human == ()


@pytest.mark.parametrize("how", DECORATED)
def test_what_a_lacking_library_decorates_is_the_answer(how, solved, grade):
    assert points(grade(solved.write("fan_out", DECORATED[how]).bytes())) == FULL


STOPS = {
    # a statement that only stops because something is not there where it is graded
    "the largest of nothing": "import pandas as pd\nbest = max(pd.read_csv('a.csv').loss)\n",
    "the first of nothing": "import torch\nx, y = next(iter(torch.utils.data.DataLoader([1])))\n",
    "a setting": "import os\nfrom google.colab import userdata\nos.environ['KEY'] = userdata.get('KEY')\n",
    "a path": "import kagglehub\nfrom pathlib import Path\nplace = Path(kagglehub.download('a')) / 'b'\n",
    "several on a line": "import pandas as pd\nn = len(pd.read_csv('a.csv')); share = 1 / n\n",
    "what is drawn": f"{PLT}first = [*plt.gca().lines][0]\n",
    "a file": "text = open('data.csv').read()\n",
    "the network": "import urllib.request\nurllib.request.urlopen('https://example.org/a.csv')\n",
    "another program": "import subprocess, sys\nsubprocess.check_call([sys.executable, '-c', ''])\n",
    "somebody who answers": "while input('q to quit: ') != 'q':\n    pass\n",
    "a version": "from importlib.metadata import version\nprint(version('numpy'))\n",
    "a setting of the machine": "import os\nprint(os.environ['CONDA_DEFAULT_ENV'])\n",
    "a file beside the notebook": "import glob\nfirst = glob.glob('*.ipynb')[0]\n",
    "an answer that fits": "a, b = input('two numbers: ').split()\n",
    "a language": "import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE.UTF-8')\n",
    "a loop that runs": "import asyncio\nasync def f():\n    return 3\ntask = asyncio.create_task(f())\n",
    "a picture that was saved": f"{PLT}import os\nplt.savefig('a.png')\nassert os.path.exists('a.png')\n",
    "numbers of a picture": f"{PLT}limits = [*plt.xticks()]\nprint(limits[0])\n",
    "a picture that a function draws": f"{PLT}def draw(y):\n    low, *_ = [*plt.xticks()]\ndraw(1)\n",
    "a function that imports": "def draw():\n    import matplotlib.pyplot as plt\n"
    "    return [*plt.xticks()][0]\ndraw()\n",
    "where the notebook is": "import os\nos.path.abspath(_dh[0])\n",
    "behind what waits": "import asyncio\nimport pandas as pd\nawait asyncio.sleep(0)\n"
    "best = max(pd.read_csv('a.csv').loss)\n",
    "what a function is handed to": "import pandas as pd\nkept = pd.x\n\n\n@max(kept)\ndef g():\n    pass\n",
    "more than once": "import pandas as pd\na = max(pd.x)\nfor k in range(2):\n    b = min(pd.x)\n",
}


@pytest.mark.parametrize("what", STOPS)
def test_a_statement_that_lacks_something_here_costs_nothing_below_it(what, solved, grade):
    graded = grade(solved.write("fan_out", STOPS[what] + RIGHT).bytes())
    assert points(graded) == FULL
    assert graded.human == ()
    (note,) = graded.notes
    assert note.endswith("where it is graded; what stands below it was run all the same)")


def test_what_a_cell_has_shown_is_kept_under_the_name_that_the_cell_says(solved, grade):
    solved.insert("fan_out", "%%capture shown\nprint(1)").insert("fan_out", "%%bash --out files\nls")
    below = "print(shown.stdout.split())\nfor file in files.splitlines():\n    print(file)\n"
    assert points(grade(solved.write("fan_out", below + RIGHT).bytes())) == FULL


def test_a_mistake_ends_its_cell_though_another_cell_has_drawn(solved, grade):
    solved.insert("fan_out", f"{PLT}plt.plot([1, 2])\n")
    graded = grade(solved.write("fan_out", f"print(1 / 0)\n{RIGHT}").bytes())
    assert points(graded) == FULL | {"fan_out": 0.0}


def test_a_file_that_is_run_and_that_no_cell_has_written_stops_nothing(solved, grade):
    graded = grade(solved.write("fan_out", f"%run other.py\n{RIGHT}").bytes())
    assert points(graded) == FULL
    assert graded.human == ()
    (note,) = graded.notes
    assert note.endswith('of the line "%run other.py" the file is run, where a cell has written it.')


def test_what_the_library_does_in_a_file_that_is_run_is_not_the_answers_own(solved, grade):
    work = "import lecture_lib as ll\nimport numpy as np\ndef slope(x):\n"
    work += "    v = ll.parameter(np.array(x), 'v')\n    return float(ll.backward(v * v * v + v * v)['v'])\n"
    solved.insert("fan_out", f"%%writefile own.py\n{work}")
    graded = grade(solved.write("fan_out", "%run own.py\ndef fan_out(x):\n    return slope(x)").bytes())
    assert points(graded)["fan_out"] == 0


ENDS = {
    "a long experiment": "import time\ntime.sleep(99)\n",
    "a loop without end": "while True:\n    pass\n",
    "a value that takes long": "import time\nresult = [time.sleep(0.1) for _ in range(999)]\n",
    "the end of the process": "import os\nos._exit(0)\n",
}


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("what", ENDS)
def test_what_a_cell_defines_is_there_though_it_takes_long_or_ends(what, below, solved, grade):
    defines = "import math\nk = 2\nclass Two:\n    k = k\n" + FILE.replace("2 * x\n", "Two.k * x\n")
    solved.insert("fan_out", f"{defines}{ENDS[what]}" if below else f"{ENDS[what]}{defines}")
    graded = grade(solved.write("fan_out", "def fan_out(x):\n    return slope(x) + math.floor(0.5)").bytes())
    assert points(graded) == FULL
    (note,) = graded.notes
    assert "but for what it defines" in note
    assert graded.human == ()


def test_an_answer_is_judged_though_an_experiment_below_it_takes_long(solved, grade):
    graded = grade(solved.write("fan_out", f"{RIGHT}while True:\n    fan_out(2.0)").bytes())
    assert points(graded) == FULL


@pytest.mark.parametrize("below", ["this is no Python", "if True:\n", "def f(:\n    pass"])
def test_a_cell_that_is_no_python_is_told_with_its_line_and_no_inner_name(below, solved, grade):
    (note,) = grade(solved.insert("fan_out", f"print(1)\n{below}").bytes()).notes
    assert "line 2" in note
    assert "<" not in note


def test_any_other_statement_that_stops_ends_its_cell_as_in_a_notebook(solved, grade):
    graded = grade(solved.write("fan_out", f"import numpy as np\n1 / 0\n{RIGHT}").bytes())
    assert points(graded)["fan_out"] == 0
    assert not [note for note in graded.notes if "all the same" in note]


def lacking(solved, grade, answer: str) -> Graded:
    solved.insert("neuron_forward", "from scipy.special import expit")
    solved.insert("neuron_forward", "import pandas as pd")
    return grade(solved.write("fan_out", answer).bytes())


def test_a_library_that_is_lacking_is_named_where_it_may_have_cost_points(solved, grade):
    graded = lacking(solved, grade, "def fan_out(x):\n    return expit(x)")
    assert points(graded)["fan_out"] == 0
    assert graded.human == (
        "fan_out is not right, and scipy, which it may need, is not there where it is graded.",
    )


def test_of_a_cell_that_stops_it_is_said_which_library_it_may_lack(solved, grade):
    solved.insert("fan_out", "assert 1 + 1 == 3")
    solved.insert("fan_out", "assert float(expit(0.0)) == 0.5")
    notes = lacking(solved, grade, RIGHT).notes
    assert [note.partition(" stopped")[2] for note in notes] == [
        ": line 1: assert 1 + 1 == 3; AssertionError",
        ", and scipy, which it may need, is not there where it is graded:"
        " line 1: assert float(expit(0.0)) == 0.5; AssertionError",
    ]


def test_an_answer_that_gives_what_is_lacking_is_told_so(solved, grade):
    made = "import sympy\nsolved = sympy.lambdify('x', 'slope')\ndef fan_out(x):\n    return solved(x)\n"
    verdict = grade(solved.write("fan_out", made).bytes()).exercises["fan_out"].verdict
    said = " ".join(result.detail for result in verdict.results)
    assert "gave a stand-in for what is not there where it is graded" in said


def test_a_library_that_is_lacking_is_not_named_where_it_cost_nothing(solved, grade):
    assert lacking(solved, grade, RIGHT).human == ()
    solved.write("fan_out", "def fan_out(x):\n    return x")
    assert grade(solved.bytes()).human == ()


def test_a_module_of_pythons_own_that_is_not_there_is_an_error_as_it_always_was(solved, grade):
    graded = grade(solved.insert("fan_out", "import numpy.nothing").bytes())
    assert any("ModuleNotFoundError" in note for note in graded.notes)


DEEP = """
def topological_order(root):
    seen, order = set(), []

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    return order
"""


@pytest.mark.parametrize("place", ["above", "before"])
def test_the_depth_of_calls_that_a_cell_allows_holds_below_it(place, grade):
    allow = "import sys\nsys.setrecursionlimit(100_000)\n"
    deep = Solved(notebook_of("solutions", "04")).write(
        "topological_order", allow * (place == "above") + DEEP
    )
    if place == "before":
        deep.insert("topological_order", allow)
    assert points(grade(deep.bytes())) == points_of("04")


def test_a_plain_cell_stays_a_cell(solved, grade):
    solved.cells.append(code_cell("x = 5 % 3; print('%d?' % x)  # is it?"))
    assert grade(solved.bytes()).notes == ()
