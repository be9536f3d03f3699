"""Python's own errors are said so that a beginner can act, after the line in which they were raised."""

import math
import warnings

import pytest

from lecture_lib.exercises.answer import Failure
from lecture_lib.exercises.python_errors import meaning
from lecture_lib.lessons import EXERCISES, check
from tests.exercises.cells import defined_in_a_cell


def answer(id: str, body: str, before: str = ""):
    """A function as a student writes it, with its lines where a traceback finds them."""
    exercise = EXERCISES[id]
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    source = f"{before}def {exercise.functions[0]}({', '.join(exercise.signature)}):\n{lines}"
    with warnings.catch_warnings(action="ignore"):
        return defined_in_a_cell(source, exercise.functions[0], math=math)


SAID = [
    # operators
    ("neuron_gradients", "e = y - w*x - b\nreturn -2*e*x, e^2", "A power is written **"),
    ("neuron_gradients", "d = w*x + b\nreturn -2(y-d), d", "2(…) is a call in Python, not a product"),
    (
        "neuron_gradients",
        "d = w*x + b\nreturn x(y-d), d",
        "x is a number, and round brackets",
    ),
    ("neuron_gradients", "d = w*x + b\nreturn (x+1)(y-d), d", "A product needs its sign: *"),
    ("mlp_forward", "z = W(h0) + b\nreturn z, z, z, z", "W is an array, and round brackets call a function"),
    ("encode", "v = [list(E[:, 0])]\nreturn v[0] - v[0]", "A list does not calculate entry by entry"),
    ("encode", "v = [1.0, 2.0]\nreturn v / len(tokens)", "A list does not calculate entry by entry"),
    ("encode", "v = [1.0, 2.0]\nreturn v * 0.5", "is not multiplied entry by entry"),
    ("encode", "v = [1.0, 2.0]\nreturn v + tuple(v)", "+ joins a list to another list"),
    ("encode", "def f(a):\n    print(a)\nreturn f(E) / 2", "One of the two sides is None"),
    ("encode", "return ... / 2", "still ...: a blank"),
    ("encode", "return np.mean + 1.0", "One of the two sides is a function itself"),
    ("encode", "return vocabulary + 1", "One of the two sides is a dict"),
    ("encode", "return E[:, 0] if 'duck' in len(tokens) else E", "a single number, not several"),
    ("encode", "return tokens[0] * E", "There is a text among the numbers"),
    ("minibatches", "out = []\nout += rng.permutation(n)\nreturn out", "puts an array into it, whole"),
    ("mlp_gradients", "E, W, b, U = params\nreturn E[:, vocabulary[tokens[0]]]", "E is a text here"),
    ("relu_vjp", "return d_out * ((z > 0) - (z < 0))", "a minus before an array of True and False"),
    ("relu_vjp", "return d_out * -(z <= 0)", "a minus before an array of True and False"),
    ("topological_order", "todo = []\nreturn todo.pop()", "nothing left to be taken out"),
    ("encode", "d = {1: 2}\nfor k in d:\n    d[k + 1] = 3\nreturn d", "makes a copy to go through"),
    # names
    ("encode", "for t in tokens:\n    total += E[:, vocabulary[t]]\nreturn total", "such as total = 0."),
    (
        "encode",
        "if len(tokens) > 9:\n    v = E[:, 0]\nreturn v",
        "a loop or an if that did not run",
    ),
    ("encode", "return sum(E)", "sum is a number here, no longer Python's function"),
    ("encode", "len = 3\nreturn E[:, 0] / len(tokens)", "len is a number here, no longer Python's function"),
    (
        "mlp_forward",
        "z = W @ h0 + b\nreturn z, ReLU(z), z, z",
        "Neither Python nor NumPy",
    ),
    ("mlp_forward", "z = W @ h0 + b\nreturn z, np.relu(z), z, z", "NumPy has no function of the name relu"),
    ("mlp_forward", "return h0, h0, h0, exp(h0)", "called by np.exp"),
    ("mlp_forward", "return h0, h0, h0, softmax(h0)", "softmax is from lesson 02"),
    ("mlp_gradients", "return neuron_forward(1, 2, 3, 4)", "neuron_forward is asked in lesson 03"),
    ("encode", "return vocabulry[tokens[0]]", "Is vocabulary meant?"),
    ("mlp_forward", "return w @ h0", "Is W meant?"),
    # entries
    (
        "encode",
        "for token in tokens:\n    v = E[:, token]\nreturn v",
        "token is a text, and",
    ),
    ("encode", "return E[:, tokens].mean(axis=1)", "vocabulary[word] is the number of a word's column"),
    (
        "encode",
        "return E[:, vocabulary(tokens[0])]",
        "vocabulary is a dict",
    ),
    ("encode", "return E[:, vocabulary[tokens]]", "A dict is asked for one key at a time"),
    ("encode", "return E[:, len(E[0])]", "along axis 1 there are 2 places, from 0 to 1"),
    ("encode", "v = [1, 2]\nreturn v[2]", "Counting begins at 0"),
    ("encode", "return E[:, :, 0]", "The array has 2 axes, and you give it 3 places"),
    ("encode", "v = [[1, 2], [3, 4]]\nreturn v[:, 0]", "A list has no axes"),
    ("mlp_gradients", "return params['e']", "The dict has no key 'e'"),
    ("mlp_gradients", "return params.E", 'square brackets and quotes: ["E"]'),
    ("nll", "return p[0][0]", "is a single number: it has no entries"),
    ("nll", "return len[p]", "it is called with round ones"),
    # shapes and several values
    (
        "softmax_layer_gradient",
        "z = W @ x + x\nreturn z, z",
        "(2,) and (3,): x has the shape (3,)",
    ),
    (
        "softmax_layer_gradient",
        "z = x @ W + b\nreturn z, z",
        "Here they are 3 and 2: x has the shape (3,) and W has the shape (2, 3).",
    ),
    (
        "softmax_layer_gradient",
        "z = np.dot(b, x)\nreturn z, z",
        "Here they are 2 and 3: b has the shape (2,) and x has the shape (3,).",
    ),
    ("softmax_layer_gradient", "z = W * x + b\nreturn z, z", "@ is the product of a matrix"),
    (
        "softmax_layer_gradient",
        "z = x @ W + b\nreturn z, z",
        "For A @ B the last axis",
    ),
    ("nll", "return p @ 3", "a number is multiplied with *"),
    ("nll", "a, b = len(p)\nreturn a", "to the right one thing, a number"),
    (
        "mlp_gradients",
        "z, h, o = ll.mlp_forward(*params.values())\nreturn z",
        "There are 3 names",
    ),
    ("nll", "a, b, c, d = p\nreturn a", "There are 4 names to the left of = and 3 values"),
    ("mlp_forward", "return max(W @ h0, 0)", "Python's max asks one question"),
    ("nll", "if y == 1:\n    return 2.0", "if asks one question, yes or no"),
    ("neuron_gradients", "return ll.neuron_forward(x, w, b, y)", "is called without ll."),
    ("nll", "return ll.negative_log(p)", "The library has no negative_log"),
    ("nll", "return math.exp(p)", "take one number each, and this is an array of several"),
    ("encode", "for i in len(tokens):\n    pass", "for i in range(n) counts"),
    ("encode", "v = [1.0, 2.0]\nreturn v.mean()", "A list has no .mean; an array has"),
    ("nll", "return p.log()", "not a method of arrays but a function of NumPy: np.log"),
    ("nll", "s = np.zeros(3, dtype=int)\ns += p\nreturn s", "The array on the left holds whole numbers"),
    ("nll", "return p.sum(axis=1)", "The array has 1 axis, counted from 0, and you ask for axis 1"),
    ("nll", "return np.sum(y, np.log(p))", "a second argument is the number of an axis"),
    ("nll", "return np.concatenate(p, y)", "takes one list of arrays"),
    ("nll", "return np.zeros(p)", "np.zeros is asked for a shape"),
    ("nll", "return np.zeros(2, 3)", "A shape is one argument"),
    ("nll", "return [i for i in range(p.shape)]", "Its first number is .shape[0]"),
    ("nll", "s = []\ns[0] = p[0]\nreturn s", ".append(…) puts one more at its end"),
    ("nll", "return p[p.index(1)]", ".index belongs to lists"),
    ("nll", "return p.y", "y is a name of its own"),
    ("nll", "return np.maximum(p)", "np.max is the function"),
    ("nll", "return np.outer(p)", "takes another number of arguments"),
    ("nll", "return np.mean(v for v in p) / 1", "Square brackets around it make a list"),
    (
        "encode",
        "return np.mean((E[:, vocabulary[t]] for t in tokens), axis=0)",
        "with a for in them make a generator",
    ),
    (
        "encode",
        "cols = map(lambda t: E[:, vocabulary[t]], tokens)\nreturn np.mean(cols, axis=0)",
        "cols is a map",
    ),
    (
        "encode",
        "return [vocabulary[t] for t in tokens.split()]",
        ".split belongs to a text, and this is a list",
    ),
    ("nll", "return float(np.log)", "it is given a function itself"),
    ("nll", "return float([0.5])", "A number is asked here, and it is given a list"),
    ("nll", "return np.lgo(p)", "Is np.log meant?"),
    ("encode", "return E / tokens", "Is its length meant, or one entry?"),
    ("encode", "s = set()\ns.append(1)\nreturn s", "A set takes one more with .add(…)"),
    ("neuron_forward", "return wx", "A product needs its sign: w * x"),
    ("neuron_forward", "return w @ x", "A number is multiplied with *"),
    ("mlp_gradients", "E, W, b, U = params\nreturn E[:, 0]", "E is a text here"),
    ("mlp_gradients", "return params['E', 'W']", "one key at a time"),
    ("minibatches", "return rng(n)", "call one of its methods"),
    ("select_best", "return max(results, key='dev_loss')", "key= takes a function"),
    ("topological_order", "return [n for n in root]", "are its .parents"),
    ("practice", "return double(x)", "calls itself"),
    ("practice", "return x / 0", "something is divided by 0"),
    (
        "nll",
        "return np.sum(p, axis=0, keepdim=True)",
        "sum has no argument of the name keepdim. Is keepdims m",
    ),
    ("nll", "return np.mean(p, dim=0)", "mean has no argument of the name dim. Is axis meant?"),
    ("nll", "return p.sum(dim=0)", "sum has no argument of the name dim. Is axis meant?"),
    ("nll", "return np.exp(p, axes=0)", "exp has no argument of the name axes."),
    ("nll", "return sum(p, axis=0)", "sum has no argument of the name axis. NumPy's np.sum has one."),
    ("nll", "return int('3', places=2)", "int has no argument of the name places."),
    ("nll", "def g(a): return a\nreturn g(1, b=2)", "g has no argument of the name b."),
    ("nll", "def g(a): return a\nreturn g(1, a=2)", "a is given twice in this call: once by its place"),
    ("nll", "return len(v for v in p)", "has calculated nothing yet. list(…) makes a list of it"),
    ("nll", "return len(map(abs, p))", "has calculated nothing yet"),
    ("nll", "return len([3, 1].sort())", ".sort(…) changes what stands before it, and gives None"),
    ("nll", "return len(np.exp)", "a function itself"),
    ("nll", "return len(p[0])", "A single number has no length"),
    ("nll", "return len(np.array(2.0))", "A single number has no length"),
    ("nll", "r = [3, 1].sort()\nr[0] = 1\nreturn r", "before the square brackets is None"),
    ("nll", "r = [3, 1].sort()\nr[0] = 1\nreturn r", "is None. .sort(…) changes what stands before it, and"),
    ("nll", "r = [3, 1]\nr = r.sort()\nreturn r / 2", "One of the two sides is None. .sort(…) changes what"),
    ("nll", "r = [3, 1].copy()\nr, s = r.sort()\nreturn r", ".sort(…) changes what stands before it"),
    (
        "minibatches",
        "o = rng.shuffle(np.arange(n))\nreturn o[:2]",
        "is None. .shuffle(…) rearranges what is in its",
    ),
    (
        "minibatches",
        "o = rng.shuffle(np.arange(n))\nreturn len(o)",
        "What is counted here is None. .shuffle(…)",
    ),
    ("minibatches", "return rng.shuffle(np.arange(n))[:2]", ".shuffle(…) rearranges what is in its brackets"),
    (
        "minibatches",
        "for i in rng.shuffle(np.arange(n)):\n    pass",
        ".permutation(…) gives a rearranged copy instead",
    ),
    (
        "nll",
        "def g(a): pass\nr = g(np.sort(p))\nreturn r[0]",
        "Does the function that gave it end with return?",
    ),
    (
        "nll",
        "r = [3, 1].sort()\nr = dict().get(1)\nreturn r[0]",
        "Does the function that gave it end with return?",
    ),
    # names between for and in
    (
        "nll",
        "for q, t in p:\n    pass",
        "several names between for and in, and what comes is one thing, a number.",
    ),
    (
        "nll",
        "for q, t in p:\n    pass",
        "enumerate(p) gives each entry with its place, counted from 0; zip(p, …)",
    ),
    ("nll", "return sum(q * t for q, t in p)", "names between for and in, and what comes is one thing"),
    ("nll", "return {q: t for q, t in p}", "names between for and in, and what comes is one thing"),
    (
        "nll",
        "for q, t in p, y:\n    pass",
        "more values than that at a time. zip(p, y) goes through them side by",
    ),
    (
        "nll",
        "return [q for q, t, s in zip(p, y)]",
        "There are 3 names between for and in, and 2 values at a time.",
    ),
    ("nll", "for q, t, s in enumerate(zip(p, y)):\n    pass", "for i, (a, b) in enumerate(zip(…))"),
    ("nll", "for i, q in range(3):\n    pass", "range(…) gives one number at a time."),
    ("nll", "for i, in range(3):\n    pass", "There is a comma after i, which asks for several values"),
    ("nll", "for q in p: a, b = q", "several names to the left of =, and to the right one thing, a number."),
    ("encode", "for i, t in vocabulary:\n    pass", "vocabulary.items() gives each key with its value."),
    ("encode", "return [i for i, t in vocabulary]", "vocabulary.items() gives each key with its value."),
    ("encode", "for i, t in tokens:\n    pass", "enumerate(tokens) gives each entry with its place"),
    (
        "nll",
        "def g(v): pass\nfor q, t in [g(v) for v in p]:\n    pass",
        "What comes there is None. Does the function",
    ),
    (
        "nll",
        "for i in enumerate(p):\n    return p[i]",
        "i is a tuple of 2, and an index must be a whole number. Does i",
    ),
    ("nll", "for i in enumerate(p):\n    return [1, 2][i]", "for i, entry in enumerate(…) takes them apart"),
    # stars
    (
        "nll",
        "return max(*len(p))",
        "A * before a value takes its entries one by one, and this one is a number",
    ),
    ("nll", "return [*len(p)]", "A * before a value takes its entries one by one, and this one is a number"),
    ("nll", "return {**[1], 'a': 1}", "takes the keys and values of a dict, and this one is a list"),
    ("nll", "return dict(**[1])", "takes the keys and values of a dict, and this one is a list"),
    ("nll", "return dict(p)", "dict(…) takes pairs of a key and a value"),
    (  # as Python says it from 3.14 on
        "nll",
        "said = TypeError('object is not iterable')\n"
        "said.add_note('Cannot convert dictionary update sequence element #0 to a sequence')\nraise said",
        "dict(…) takes pairs of a key and a value",
    ),
    ("nll", "return dict(['a', 'b'])", "dict(zip(keys, values)) makes a dict of two lists"),
    # calls that give None
    (
        "nll",
        "r = []\nfor v in p:\n    r = r.append(v)",
        "What stands before .append is None. .append(…) changes what",
    ),
    (
        "nll",
        "r, s = [], 0\nfor v in p:\n    if v: r = r.append(v)",
        "before .append is None. .append(…) changes what",
    ),
    (
        "nll",
        "r = []\nfor v in p:\n    r.append(v)\n    r = r.sort()",
        "before .append is None. .sort(…) changes what",
    ),
    (
        "nll",
        "r = {}\nfor v in p:\n    r = r.update({1: v})",
        "What stands before .update is None. .update(…) ch",
    ),
    (
        "nll",
        "r = set()\nfor v in p:\n    r = r.add(v)",
        "What stands before .add is None. .add(…) changes what",
    ),
    (
        "nll",
        "d = {1: []}\nfor v in p:\n    d[1] = d[1].append(v)",
        "before .append is None. .append(…) changes what",
    ),
    (
        "nll",
        "r = [1].append(2)\nreturn np.mean(r, axis=0)",
        "r is None. .append(…) changes what stands before it",
    ),
    (
        "nll",
        "r = [1].extend([2])\nreturn np.array(r) @ p",
        "r is None. .extend(…) changes what stands before it",
    ),
    (
        "nll",
        "r = [1].insert(0, 2)\nreturn math.exp(r)",
        "r is None. .insert(…) changes what stands before it",
    ),
    ("nll", "r = [1].insert(0, 2)\nreturn range(r)", "r is None. .insert(…) changes what stands before it"),
    ("nll", "r = [2, 1].sort()\nreturn r < 3", "r is None. .sort(…) changes what stands before it"),
    ("nll", "r = [2, 1].sort()\nreturn np.log(r)", "r is None. .sort(…) changes what stands before it"),
    ("nll", "r = [2, 1].sort()\nreturn -r", "What stands after - is None. .sort(…) changes what stands"),
    (
        "nll",
        "r = [2, 1].sort()\nreturn [r[i] for i in range(2)]",
        "is None. .sort(…) changes what stands before it",
    ),
    (
        "nll",
        "if (r := [2, 1].sort()) is None:\n    return r[0]",
        "is None. .sort(…) changes what stands before it",
    ),
    ("nll", "r = [2, 1].sort()\nreturn f'{r:.2f}'", "r is None. .sort(…) changes what stands before it"),
    ("nll", "r = print(p)\nreturn r[0]", "is None. print(…) shows something, and gives None."),
    (
        "nll",
        "best = None\nfor v in p:\n    if v < best:\n        best = v",
        "best is None: the line best = None gave",
    ),
    (
        "nll",
        "r = None\nfor v in r: print(v)",
        "What is gone through here is None: the line r = None gave it that",
    ),
    ("nll", "return -[1, 2]", "What stands after - is a list, which has no - of its own. np.array(…)"),
    ("nll", "return -np.exp", "What stands after - is a function itself"),
    # texts and numbers
    (
        "fan_out",
        "print('a = ' + x)",
        "+ joins a text to another text, and one side is a number. print takes both",
    ),
    (
        "fan_out",
        "print('a = ' + x)",
        "with a comma between them: print('a = ', x). str(…) makes a text of it, and",
    ),
    ("fan_out", "print(x + ' it is')", "with a comma between them: print(x, ' it is')."),
    ("fan_out", "print('x', x + ' it is')", "print takes both with a comma between them. str(…) makes"),
    (
        "fan_out",
        "return 'a = ' + x",
        "one side is a number. str(…) makes a text of it, and an f-string takes it",
    ),
    ("fan_out", "print(f'a = {x}' + x)", "print(f'a = {x}', x)"),
    ("fan_out", "s = 'a = '\ns += x", "one side is a number. str(…) makes a text of it"),
    (
        "encode",
        "print('tokens: ' + tokens)",
        "one side is a list. print takes both with a comma between them",
    ),
    (
        "nll",
        "print('p: ' + p)",
        "one side is an array. print takes both with a comma between them: print('p: ', p)",
    ),
    ("nll", "print(p.shape + ' entries')", "one side is a tuple. print takes both with a comma between them"),
    ("fan_out", "print('f: ' + abs)", "One of the two sides is a function itself. Call it"),
    ("fan_out", "print('x: ' + [x].append(x))", ".append(…) changes what stands before it, and gives None"),
    ("fan_out", "return '3' + x", "One of the two sides is a text. A number has no quotes"),
    (
        "fan_out",
        "r = {'one': '3'}\nreturn r['one'] + x",
        "One of the two sides is a text. A number has no quotes",
    ),
    ("nll", "return p + '3'", "There is a text among the numbers of this line."),
    ("encode", "return sum(vocabulary)", "here it meets a text. Whoever goes through a dict gets its keys"),
    (
        "nll",
        "print(f'{p:.2f}')",
        "A format such as :.2f is for one number, and here it is to write an array.",
    ),
    ("encode", "print(f'{tokens:.2f}')", "is for one number, and here it is to write a list."),
    (
        "encode",
        "print(f'{tokens[0]:.2f}')",
        "The f of this format is for numbers, and here it is to write a text",
    ),
    (
        "fan_out",
        "print(f'{x:d}')",
        "The d of this format is not for a float: f, as in :.2f, is for any number",
    ),
    ("nll", "return ', '.join([1, 2])", ".join(…) joins texts, and here it goes through something else."),
    ("fan_out", "print('%d %d' % x)", "not as many values as places"),
    # names of modules and of Python's functions that hold something else
    (
        "nll",
        "np = 5\nreturn np.exp(p)",
        "np is a number here, no longer NumPy: in this function an argument, a for or",
    ),
    ("nll", "for np in p:\n    return np.exp(p)", "np is a number here, no longer NumPy: in this function"),
    (
        "nll",
        "def g(np): return np.exp(np)\nreturn g(p)",
        "np is an array here, no longer NumPy: in this function",
    ),
    ("nll", "return [np.log(np) for np in p]", "np is a number here, no longer NumPy: in this function"),
    ("nll", "np = None\nreturn np.exp(p)", "np is None here, no longer NumPy: in this function"),
    (
        "nll",
        "import math as np\nreturn np.zeros(3)",
        "np is the module math here, not NumPy: import numpy as np makes",
    ),
    (
        "nll",
        "import math as np\nreturn np.exp(p)",
        "np is not NumPy here, whose functions go through all entries",
    ),
    ("nll", "math = 3\nreturn math.exp(1)", "math is a number here, no longer Python's math"),
    (
        "nll",
        "z = np.exp(p)\nimport numpy as np\nreturn z",
        "np is a variable in all of it, no longer NumPy. Give",
    ),
    ("nll", "max = max(p)\nreturn max", "max is a variable in all of it, no longer Python's function. Give"),
    ("nll", "for v in p:\n    sum += v", "needs a start before the loop, too, such as total = 0."),
    ("nll", "sum = sum + p[0]\nreturn sum", "sum is a variable in all of it, no longer Python's function"),
    (
        "nll",
        "return [v for v in reversed(np.sum)]",
        "What is gone through here is a function itself. Call it",
    ),
    (
        "encode",
        "return [*reversed({1, 2})]",
        "goes through a list, from its end, and this is a set.",
    ),
    # another number of arguments
    (
        "gradient_descent",
        "return stop(theta0)",
        "stop, which this function was handed, takes more arguments than",
    ),
    (
        "gradient_descent",
        "return gradient()",
        "gradient, which this function was handed, takes more arguments",
    ),
    (
        "gradient_descent",
        "return gradient(theta0, 1)",
        "which this function was handed, takes one argument, and",
    ),
    ("nll", "def g(a): return a\nreturn g()", "than it takes: compare this line with its def."),
    (
        "nll",
        "r = []\nr.append(1, 2)\nreturn r",
        "append is called with another number of arguments than it takes.",
    ),
    ("nll", "r = map(abs, p)\nr[0] = 1\nreturn r", "is a map, which cannot be written into"),
    ("nll", "r = {1, 2}\nr[0] = 1\nreturn r", "is a set, which cannot be written into so. It takes one more"),
    ("nll", "r = (1, 2)\nr[0] = 1\nreturn r", "is a tuple, which cannot be written into"),
    ("nll", "r = 3\nr[0] = 1\nreturn r", "is a number, which cannot be written into"),
    ("nll", "if p[:0]:\n    return 1", "has no entries, so it is neither true nor false"),
    ("nll", "return [1, 2] ** 2", "entry by entry: ** does not do that for it"),
    ("nll", "return p[0, 0, 0]", "The array has one axis, and you give it 3 places"),
    ("nll", "return p.sum()[()][0, 0] + np.array(3.0)[0]", "single number"),
    ("nll", "return np.array(3.0)[0]", "has no axes, and you give it 1 place in the brackets"),
    ("nll", "return p[:1][1]", "along axis 0 there is one place, 0. You ask for 1"),
    ("nll", "return p[:0][0]", "along axis 0 there are no places. You ask for 0"),
    ("nll", "(a,) = [1, 2]\nreturn a", "There is one name to the left of = and more values than that"),
    (
        "nll",
        "a, *b, c = [1]\nreturn a",
        "Without that of the star, there are 2 names to the left of = and one",
    ),
]


def test_that_a_function_takes_one_number_is_said_once():
    for id, body in (("nll", "return -sum(y * math.log(p))"), ("converged", "return float(after) < tau")):
        message = check(id, answer(id, body)).message
        assert message.count("one number each, and this is an array of several") == 1
        assert "handed an array" not in message


@pytest.mark.parametrize(("id", "body", "said"), SAID)
def test_an_error_of_python_is_said_in_words_after_the_line(id, body, said):
    before = "sum = 3.0\n" if body == "return sum(E)" else ""
    verdict = check(id, answer(id, body, before))
    line, words, error, *_ = verdict.message.splitlines()[1:]
    assert line.startswith("  line ")
    assert said in words, verdict.message
    assert error.strip().startswith(verdict.failure.kind)


METHODS = [
    (
        "net",
        "def go(x, w): return x",
        "return Net().go(p, y)",
        "The def of go takes x, w: is self missing, def go(self, x, w)?",
    ),
    ("init", "def __init__(w): self.w = w", "return Net(p)", "is self missing, def __init__(self, w)?"),
    (
        "nothing",
        "def go(): return 3",
        "return Net().go()",
        "The def of go takes nothing: is self missing, def go(self)?",
    ),
    (
        "the first is the object",
        "def go(x): return x * 2",
        "return Net().go()",
        "x is the object itself here. A method is",
    ),
    (
        "the first is called",
        "def __call__(x, y=1): return x.shape",
        "return Net()(p)",
        "x is the object itself here.",
    ),
    (
        "too many",
        "def go(self, x): return x",
        "return Net().go(p, y)",
        "Besides self, go takes x: compare the brackets",
    ),
    (
        "too few",
        "def __init__(self, w, b): pass",
        "return Net(p)",
        "Besides self, Net(…) takes w, b: compare the",
    ),
    (
        "on the class",
        "def go(self, x): return x",
        "return Net.go(p)",
        "Net is the class itself, and go is a method of its",
    ),
    ("no init", "def _init_(self, w): pass", "return Net(p)", "The class Net has no __init__ that takes any"),
    (
        "static",
        "@staticmethod\n    def go(x): return x",
        "return Net().go(p, y)",
        "go is called with another number",
    ),
    ("self in the body", "def go(x): self.x = 3", "return Net().go()", "in the brackets of def go(self, …)?"),
    ("a name of the object", "def go(self): return w", "return Net().go()", "is reached by self: self.w."),
    (
        "not in init",
        "def go(self): return self.w",
        "return Net().go()",
        "The object has no w. Does a line of __init__",
    ),
    (
        "no call",
        "def go(self): return 3",
        "return Net()(p)",
        "is an object of the class Net, which has no __call__.",
    ),
]


@pytest.mark.parametrize(
    ("method", "body", "said"), [row[1:] for row in METHODS], ids=[row[0] for row in METHODS]
)
def test_what_is_wrong_with_a_method_or_its_call_is_said(method, body, said):
    verdict = check("nll", answer("nll", body, f"class Net:\n    {method}\n"))
    assert said in verdict.meaning, verdict.message


@pytest.mark.parametrize("value", ["5", "[1]", "'x'", "None"])
def test_a_cell_that_gives_np_another_value_is_told_of_and_the_import_again(value):
    verdict = check("nll", answer("nll", "return np.exp(p)", f"np = {value}\n"))
    assert "here, no longer NumPy: a line such as np = … has taken its name." in verdict.meaning
    assert verdict.meaning.endswith("and run import numpy as np again.")
    assert "from outside" not in verdict.message


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(x)\n    return x", "A colon is missing"),
        ("def f(x):\nreturn x", "stand further to the right"),
        ("def f(x):\n    y = (x\n    return y", "A bracket is opened"),
        ("return 3", "not in a function"),
        ("y = 2x", "A product needs its sign"),
        ("y = x − 1", "Write - in its place"),
        ("if x = 1: pass", "to compare, write =="),
        ("y = [1, 2 3]", "no sign between"),
        ("  y = 1", "begins further to the left or right"),
        ('y = "duck', "A quote is missing"),
        ("c = w x", "no sign between w and x"),
        ("y = (a + b) c", "no sign between the ) and c"),
        ("y = x²", "Write **2 in its place"),
        ("y = (a; b)", "have a comma between them"),
        ("y = d[k for k in d]", "write the whole lookup before for"),
        ("y = [0 if v < 0 for v in z]", "needs its else"),
    ],
)
def test_what_python_cannot_read_is_said_in_words(source, said):
    with pytest.raises(SyntaxError) as raised:
        compile(source, "<cell>", "exec")
    found = meaning(Failure(type(raised.value).__name__, raised.value.msg, text=raised.value.text or ""))
    assert said in found


def test_the_first_error_is_explained_beside_its_part_where_a_wrong_value_came_before_it():
    def linear_decay(eta0, step, total_steps):
        return eta0

    def exponential_decay(eta0, step, rate):
        return eta0 * rate ^ step

    verdict = check("schedules", linear_decay, exponential_decay)
    assert verdict.state == "not yet"
    assert verdict.failure is None
    line = verdict.results[2].detail
    assert line.startswith("stopped at exponential_decay(")
    assert line.endswith("In Python ^ is not a power. A power is written **, as in e**2.")
    assert verdict.message.count("A power is written **") == 1


def test_an_error_that_comes_first_is_explained_on_top_alone():
    def linear_decay(eta0, step, total_steps):
        return eta0 ^ step

    def exponential_decay(eta0, step, rate):
        return eta0 * rate ^ step

    verdict = check("schedules", linear_decay, exponential_decay)
    assert verdict.state == "error"
    assert verdict.message.count("A power is written **") == 1
    assert "A power is written **" in verdict.meaning


def test_where_nothing_is_known_of_an_error_nothing_is_said():
    assert meaning(Failure("ValueError", "negative", depth=1)) == ""


def test_the_words_need_no_more_than_the_line_and_the_error():
    failure = Failure("TypeError", "'int' object is not callable", 3, "return -2(y - d), d", "f", 1)
    assert "2 * (…)" in meaning(failure)


def test_an_answer_with_odd_names_or_lines_is_judged_as_any_other():
    def nll(p, y):
        class Odd:
            locals()["(["] = None
            exec(compile("\n" * 100_000 + "r = None\nr[0]", "<odd>", "exec"), {}, {"(": None})

    verdict = check("nll", nll)
    assert verdict.state == "error"
    assert "end with return?" in verdict.meaning


def test_an_argument_of_the_answer_in_a_method_of_its_class_is_asked_for_by_self():
    verdict = check("nll", answer("nll", "return Net().go()", "class Net:\n    def go(self): return p\n"))
    assert verdict.meaning.startswith("p is not among the arguments of this method. Is self.p meant, which")


def test_an_answer_that_returns_what_changes_a_list_is_told_that_it_gives_none():
    verdict = check("topological_order", answer("topological_order", "return [root].append(root)"))
    assert "A call such as .append(…) or .sort() gives None itself: what it has changed" in verdict.message
