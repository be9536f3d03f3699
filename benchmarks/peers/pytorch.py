"""PyTorch on one thread of the CPU, in float64 as NumPy; parameters are updated in place.

A minibatch and an epoch use its own modules: EmbeddingBag for the average of the words' vectors (a row for
each word, not a column) with a gradient for every row, Linear, torch.optim. The small graphs are written with
tensors, `torch.autograd.grad` and an update by hand, in two thirds of the time of `backward` and optimiser.
"""

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


def sentence(problem):
    params = _parameters(problem)
    E, W, b, U = (params[name] for name in ("E", "W", "b", "U"))
    words, label = torch.from_numpy(problem.words), torch.tensor(int(problem.y.argmax()))

    def loss_of():
        h0 = E[:, words].mean(dim=1)
        return F.cross_entropy(U @ torch.relu(W @ h0 + b), label)

    return _training(problem, params, loss_of)


def deep(problem):
    params = _parameters(problem)
    layers = [(params[f"W{layer}"], params[f"b{layer}"]) for layer in range(1, len(params) // 2)]
    words, label = torch.from_numpy(problem.words), torch.tensor(int(problem.y.argmax()))

    def loss_of():
        h = params["E"][:, words].mean(dim=1)
        for W, b in layers:
            h = torch.relu(W @ h + b)
        return F.cross_entropy(params["U"] @ h, label)

    return _training(problem, params, loss_of)


def minibatch(problem, sparse=False):
    bag, hidden, out = _model(problem.params, sparse)
    words, labels = torch.from_numpy(problem.words), torch.from_numpy(problem.y.argmax(axis=1))
    learned = [bag.weight, hidden.weight, hidden.bias, out.weight]
    optimiser = torch.optim.SGD(learned, lr=problem.learning_rate)

    def step():
        loss = F.cross_entropy(out(torch.relu(hidden(bag(words)))), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.item()

    return step, lambda: _as_the_slides(bag, hidden, out)


def chain(problem):
    params = _parameters(problem)
    w, b, v, c = (params[name] for name in ("w", "b", "v", "c"))
    layers = range(problem.operations // 3)

    def loss_of():
        x = 1.0
        for layer in layers:
            x = torch.relu(x * v + c if layer % 2 else x * w + b)
        return x**2

    return _training(problem, params, loss_of)


def epoch(problem, sparse=False):
    labels = torch.from_numpy(problem.y.argmax(axis=1))
    model = None

    def step():
        nonlocal model
        model = bag, hidden, out = _model(problem.params, sparse)
        rest = [hidden.weight, hidden.bias, out.weight]
        adam = torch.optim.Adam([*rest] if sparse else [bag.weight, *rest], lr=problem.learning_rate)
        optimisers = [adam]
        if sparse:
            optimisers.append(torch.optim.SparseAdam([bag.weight], lr=problem.learning_rate))
        total = 0.0
        for batch in problem.batches:
            texts = problem.texts[batch]
            h0 = bag(torch.from_numpy(texts.words), torch.from_numpy(texts.starts[:-1]))
            loss = F.cross_entropy(out(torch.relu(hidden(h0))), labels[batch])
            for optimiser in optimisers:
                optimiser.zero_grad()
            loss.backward()
            for optimiser in optimisers:
                optimiser.step()
            total += loss.item()
        return total / len(problem.batches)

    return step, lambda: _as_the_slides(*model)


def _parameters(problem):
    values = problem.params.items()
    return {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in values}


def _training(problem, params, loss_of):
    every = tuple(params.values())
    learning_rate = problem.learning_rate

    def step():
        loss = loss_of()
        gradients = torch.autograd.grad(loss, every)
        with torch.no_grad():
            for param, gradient in zip(every, gradients, strict=True):
                param.sub_(gradient, alpha=learning_rate)
        return loss.item()

    return step, lambda: {name: param.detach().numpy() for name, param in params.items()}


def _model(params, sparse):
    E, W, b, U = (torch.tensor(params[name]) for name in ("E", "W", "b", "U"))
    bag = torch.nn.EmbeddingBag(*E.T.shape, mode="mean", sparse=sparse, _weight=E.T.contiguous())
    hidden = torch.nn.Linear(*W.T.shape, dtype=torch.float64)
    out = torch.nn.Linear(*U.T.shape, bias=False, dtype=torch.float64)
    with torch.no_grad():
        hidden.weight.copy_(W)
        hidden.bias.copy_(b)
        out.weight.copy_(U)
    return bag, hidden, out


def _as_the_slides(bag, hidden, out):
    params = {"E": bag.weight.T, "W": hidden.weight, "b": hidden.bias, "U": out.weight}
    return {name: param.detach().numpy() for name, param in params.items()}
