# %% [markdown]
# # 06 · Duck, duck, goose: the backward pass
#
# **Slides:** "Training iteration: calculate the gradient" to "parameter update". **Time:** two sittings of 45 to
# 90 minutes each: sections 1 to 6 walk back through the network, sections 7 to 9 train it.
#
# At the end you can
#
# 1. walk back from the loss to **every** parameter of the network, by hand and in NumPy,
# 2. take **steps of gradient descent** and say what the learning rate does,
# 3. recognise a **dead ReLU** and say what it costs,
# 4. find the mistakes on the slides, because you can check every number.

# %%
import textwrap

import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Forward was lesson 05. This lesson walks back through the same network, with numbers, and takes a step. The rules are
# those of lesson 04, the step is that of lesson 01. Four questions:

# %%
ll.recall("06")

# %% [markdown]
# ## 1 · Where we stand
#
# The forward pass of lesson 05, once more, with the slides' numbers:

# %%
example = ll.duck_goose()
E, W, b, U = (example.params[name] for name in ("E", "W", "b", "U"))
y = example.y

h0 = ll.encode(example.tokens, example.vocabulary, E)
z = W @ h0 + b
h = ll.relu(z)
o = U @ h
p = ll.softmax(o)
loss = -(y * np.log(p)).sum()

print("h0 =", h0.round(4), "  z =", z.round(4), "  h =", h.round(4))
print("o =", o.round(4), "  p =", p.round(6), "  loss =", loss.round(6))

# %% [markdown]
# We want $\nabla_\theta \ell$ for $\theta = [E, W, b, U]$: four arrays, each of the shape of its parameter. We walk
# back, one operation at a time.

# %% [markdown]
# ## 2 · From the loss to the probabilities
#
# *Slide "Training iteration: calculate the gradient"*
#
# $\ell = -\sum_i y_i \log p_i$. The logarithm is the natural one, and its derivative is one over the number:
# $\partial \log p_i / \partial p_i = 1 / p_i$. So each $p_i$ receives
#
# $$\frac{\partial\ell}{\partial p_i} = -y_i \cdot \frac{1}{p_i} = -\frac{y_i}{p_i}$$

# %%
d_p = -y / p
d_p.round(1) + 0  # + 0 makes 0 of a −0

# %% [markdown]
# The true class receives a negative number: if $p_1$ grows, the loss falls. The other class receives 0: $y_2 = 0$, so
# the loss does not depend on $p_2$.

# %% [markdown]
# ## 3 · Through the softmax
#
# *Slide "calculate the gradient": "if a node has multiple parents, such as exp, sum over all the incoming edges"*
#
# (The slide's *parents* of a node are those that use its value. Lesson 04 calls them its children.)
#
# Take softmax apart: $e = \exp(o)$, then $s = \sum_k e_k$, then $p = e / s$. Now $e$ is used **twice**: once to be
# divided, once in the sum. So two contributions come back to it, and they are added, as in lesson 03.
#
# The explorer starts where the way back reaches $q = \log p$. Take the next steps: $e$ receives its two contributions.
# Only the output layer is open; the others are one box each.

# %%
in_steps = ll.sentence_graph(example, softmax_in_steps=True)
ll.scrubber(ll.backward(in_steps["loss"]), start=17, layers=ll.LAYERS, opened="output", decimals=4)

# %% [markdown]
# Follow the slide by hand. Each line is one operation, from the end to the beginning. Two rules are needed:
#
# - For a fraction $p_i = e_i / s$ the two derivatives are $\partial p_i/\partial e_i = 1/s$ and
#   $\partial p_i/\partial s = -e_i/s^2$.
# - The exponential function is its own derivative: $\partial \exp(o_i)/\partial o_i = \exp(o_i) = e_i$.

# %%
e = np.exp(o)
s = e.sum()

d_e_divided = d_p / s  # p = e / s: the e above the line
d_s_from_each_p = d_p * (-e / s**2)  # p = e / s: the s below the line
d_s = d_s_from_each_p.sum()  # s went into both p: add
d_e_summed = np.full(2, d_s)  # s = Σ e
d_e = d_e_divided + d_e_summed  # two paths: add
d_o = d_e * e  # e = exp(o)

d_o.round(6)

# %% [markdown]
# Look at the result beside $p - y$:

# %%
(p - y).round(6)

# %% [markdown]
# They are the same. For softmax followed by the negative log-likelihood, all of this shortens to
#
# $$\frac{\partial\ell}{\partial o} = p - y$$
#
# The prediction minus the truth. You derived it in lesson 02, for a single layer: it is the formula of the slide
# "Reminder: Computing the gradient". The slide "Useful derivatives in NNs" gives the derivative of softmax itself, your
# `softmax_vjp` of lesson 04, from which it follows too. From here on we use it.

# %% [markdown]
# ## 4 · To the output weights
#
# $o = U h$. Entry $U_{ij}$ multiplies $h_j$ and goes into $o_i$, so it receives $\partial\ell/\partial o_i \cdot h_j$.
# All entries at once are an **outer product**, a column times a row:
#
# $$\frac{\partial\ell}{\partial U} = \frac{\partial\ell}{\partial o}\, h^\top$$
#
# Write $\partial\ell/\partial o$ at the left and $h$ on top. Each place of the table is the product of its row's number
# and its column's number:

# %%
ll.outer_product(d_o, h, names=("∂ℓ/∂o", "h"), decimals=3)

# %% [markdown]
# NumPy's vectors are neither columns nor rows. So NumPy has a function of its own for this, `np.outer`:

# %%
d_U = np.outer(d_o, h)
d_U.round(6) + 0  # + 0 makes 0 of a −0

# %% [markdown]
# The first column is 0. $h_1 = 0$, so no change of $U_{11}$ or $U_{21}$ can change the scores of this sentence.

# %% [markdown]
# ### The same with steps left out
#
# Another text gave $h = [0.5, 0.2]$, and the truth is $y = [0, 1]$. Fill in the two missing lines.

# %%
h_other = np.array([0.5, 0.2])
y_other = np.array([0.0, 1.0])
p_other = ll.softmax(U @ h_other)
# BEGIN SOLUTION
d_o_other = p_other - y_other
d_U_other = np.outer(d_o_other, h_other)
# END SOLUTION

# %%
o_node = (ll.parameter(U, "U") @ ll.data(h_other, "h")).named("o")
record = ll.backward(ll.cross_entropy(o_node, y_other))
ll.compare("d_o_other", d_o_other, record["o"])

# %%
ll.compare("d_U_other", d_U_other, record["U"])

# %% [markdown]
# ### Exercise `backward_by_hand` ({points})
#
# Your own sentence again, with your own weights. Walk back from the loss to $p$, $o$ and $U$, on paper or with a
# pocket calculator. Write $\partial\ell/\partial p$, $\partial\ell/\partial o$ and $\partial\ell/\partial U$. Two
# decimals are enough.
#
# NumPy and your own functions may help. Gradients that you take from `ll.backward` earn nothing when the notebook is
# graded: the points are for the steps.

# %%
ll.my_example()

# %% exercise="backward_by_hand"
# BEGIN SOLUTION
mine = ll.my_example()
h_mine = ll.relu(mine.W @ ll.encode(mine.tokens, mine.vocabulary, mine.E) + mine.b)
p_mine = ll.softmax(mine.U @ h_mine)
backward_by_hand = {
    "d_p": -mine.y / p_mine,
    "d_o": p_mine - mine.y,
    "d_U": np.outer(p_mine - mine.y, h_mine),
}
# INSTEAD
# backward_by_hand = {
#     "d_p": ...,  # two numbers: [0.12, -3.45]
#     "d_o": ...,  # two numbers
#     "d_U": ...,  # two rows of two numbers: [[0.12, -3.45], [0.67, 8.9]]
# }
# END SOLUTION

# %%
ll.check("backward_by_hand", backward_by_hand)

# %% [markdown]
# ## 5 · Down to the first layer
#
# The hidden layer receives
#
# $$\frac{\partial\ell}{\partial h} = U^\top \frac{\partial\ell}{\partial o}$$
#
# Each $h_j$ went into every score, so it receives from every score. Take $h_1$. In $U$, its weights stand in column 1: 0
# for the first score and $-0.9$ for the second. What comes back along the two is added:
#
# $$\frac{\partial\ell}{\partial h_1} = 0 \cdot (-0.577373) + (-0.9) \cdot 0.577373 = -0.519636$$
#
# So column 1 of $U$ is multiplied by $\partial\ell/\partial o$, then column 2. A product with a matrix takes *rows*, so
# the matrix is turned over first: $U^\top$, the **transposed** matrix, has $U$'s columns as its rows. In NumPy it is
# `U.T`.

# %%
ll.transposed_product(U, d_o, names=("U", "∂ℓ/∂o"), decimals=3)

# %%
d_h = U.T @ d_o
d_h.round(6)

# %% [markdown]
# Then the ReLU (slide "Useful derivatives in NNs", your `relu_vjp` of lesson 04). Its derivative is 1 where $z > 0$ and 0 elsewhere. It lets through
# what belongs to a unit that is on, and stops what belongs to a unit that is off.
#
# In NumPy, `z > 0` compares every entry and gives `[False, True]`. In a product, `False` counts as 0 and `True` as 1. So
# `d_h * (z > 0)` multiplies each entry by the derivative. The brackets are needed: `d_h * z > 0` would multiply first and
# compare then.

# %%
d_z = d_h * (z > 0)
d_z.round(6) + 0

# %% [markdown]
# $z = W h_0 + b$ is a layer like the last one. Before you run the next cell: which entries of $W$ will move?

# %%
ll.predict("06-rows-of-W")

# %%
d_W = np.outer(d_z, h0)
d_b = d_z
d_h0 = W.T @ d_z

print("d_W  =", (d_W.round(6) + 0).tolist())
print("d_b  =", d_b.round(6) + 0)
print("d_h0 =", d_h0.round(6))

# %% [markdown]
# ## 6 · Back to the words
#
# $h_0$ is the mean of three word vectors: *duck*, *duck*, *goose*. Each of the three receives a third of
# $\partial\ell/\partial h_0$. The vector of *duck* was used twice, so it adds up two thirds.
#
# `np.zeros_like(E)` makes an array of $E$'s shape, full of zeros: the sums begin there.

# %%
d_E = np.zeros_like(E)
for token in example.tokens:
    d_E[:, example.vocabulary[token]] += d_h0 / len(example.tokens)

d_E.round(6)

# %% [markdown]
# All of it in one picture. Every edge shows what went forward and what comes back.

# %%
graph = ll.sentence_graph(example)
sentence = ll.backward(graph["loss"])
ll.scrubber(sentence, start=len(sentence.steps), layers=ll.LAYERS)

# %%
ll.table(sentence)

# %% [markdown]
# ### A worked example: a network without a hidden layer
#
# Its scores come straight from the encoded text: $o = V h_0$. Its parameters are $E$ and $V$. First forward, then
# back.


# %%
def example_gradients(tokens, y, vocabulary, params):
    E, V = params["E"], params["V"]
    words = [vocabulary[token] for token in tokens]
    h0 = E[:, words].mean(axis=1)
    p = ll.softmax(V @ h0)

    d_o = p - y
    d_V = np.outer(d_o, h0)
    d_h0 = V.T @ d_o
    d_E = np.zeros_like(E)
    for word in words:
        d_E[:, word] += d_h0 / len(words)
    return {"E": d_E, "V": d_V}


small = {"E": E, "V": np.array([[0.2, -0.4], [1.0, 0.5]])}
example_gradients(["goose", "duck"], y, example.vocabulary, small)["V"].round(4)

# %% [markdown]
# ### Exercise `mlp_gradients` ({points})
#
# Write the whole backward pass of the network: gradients for $E$, $W$, $b$ and $U$, in a dict with these keys, each
# of its parameter's shape. Any text, any vocabulary, any sizes. At $z = 0$ the slope of the ReLU is 0, as in lesson 04. Do not
# change `params`. For the way forward you may use the library's `ll.encode` and `ll.mlp_forward`; the way back is yours.


# %% exercise="mlp_gradients"
def mlp_gradients(tokens, y, vocabulary, params):
    """Return the gradients of the loss, a dict with the keys E, W, b, U."""
    # BEGIN SOLUTION
    E, W, b, U = params["E"], params["W"], params["b"], params["U"]
    columns = [vocabulary[token] for token in tokens]
    h0 = E[:, columns].mean(axis=1)
    z = W @ h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    p = np.exp(o - o.max()) / np.exp(o - o.max()).sum()

    d_o = p - y
    d_z = (U.T @ d_o) * (z > 0)
    d_h0 = W.T @ d_z
    d_E = np.zeros_like(E)
    for column in columns:
        d_E[:, column] += d_h0 / len(columns)
    return {"E": d_E, "W": np.outer(d_z, h0), "b": d_z, "U": np.outer(d_o, h)}
    # END SOLUTION


# %%
ll.check("mlp_gradients", mlp_gradients)

# %% [markdown]
# ### Is it right?
#
# The library's gradients against measured ones, as in lesson 03: each entry of $W$ moved up and down by a little.


# %%
def loss_of_W(W):
    p = ll.softmax(U @ ll.relu(W @ h0 + b))
    return -(y * np.log(p)).sum()


print("measured:    ", (ll.numeric_gradient(loss_of_W, W).round(6) + 0).tolist())
print("walking back:", (sentence["W"].round(6) + 0).tolist())

# %% [markdown]
# ## 7 · The update
#
# *Slide "Training iteration: parameter update"*
#
# Backpropagation has done its part: it gives gradients. Now the optimiser takes a step. Gradient descent subtracts
# the gradient, times the learning rate $\eta = 0.01$:
#
# $$U \leftarrow U - \eta\,\frac{\partial\ell}{\partial U}$$
#
# ### Exercise `errata` ({points})
#
# The slides contain a few mistakes. You can find them now, because you can check every number. Give the right ones:
#
# - `"U12"` and `"U22"`: two entries of $U$ **after** the update. The slide prints $-.502$ and $.297$. Work them out.
# - `"dl_dp1"`: $\partial\ell/\partial p_1$. The slide prints $-2.36$. Two decimals are enough.
# - `"E_is"`: is a word a `"row"` or a `"column"` of $E$? Look at how the slide encodes "duck duck goose".
#
# And for yourself: which of them is a wrong sign, which is cut instead of rounded, which is a wrong label?

# %% exercise="errata"
# BEGIN SOLUTION
errata = {"U12": -0.49775, "U22": 0.29775, "dl_dp1": -2.366, "E_is": "column"}
# INSTEAD
# errata = {
#     "U12": ...,
#     "U22": ...,
#     "dl_dp1": ...,
#     "E_is": ...,  # "row" or "column"
# }
# END SOLUTION

# %%
ll.check("errata", errata)

# %% [markdown]
# One more question about what the slides say. Commit to an answer first; then you read why each option is right or
# tempting. (The slides' loop and its criterion to stop are the subject of lesson 07.)

# %%
ll.predict("06-with-respect-to")

# %% [markdown]
# The update in NumPy, for all parameters at once, then forward again:

# %%
learning_rate = example.learning_rate
gradients = {name: sentence[name] for name in ("E", "W", "b", "U")}
after = {name: example.params[name] - learning_rate * gradients[name] for name in gradients}

step = ll.sentence_graph(example, after)
print("p before:   ", p.round(6), "  loss before:", loss.round(6))
print("p after:    ", step["p"].value.round(6), "  loss after: ", step["loss"].value.round(6))

# %% [markdown]
# The loss fell from 0.861 to 0.854. One small step.

# %% [markdown]
# ## 8 · A dead unit
#
# Compare the parameters before and after the step:

# %%
for name in ("W", "b", "U"):
    moved = after[name] != example.params[name]
    print(f"{name} moved at:", moved.tolist())

# %% [markdown]
# Row 1 of $W$, $b_1$ and column 1 of $U$ did not move. Unit 1 is off for this sentence, so nothing reaches it, and
# nothing that it says is heard. If a unit is off for **every** text of the training data, its weights receive no
# gradient at all: it is called **dead**. It can come back only if something else moves what it is fed with, here $E$.
# When **all** units are off, nothing moves any more.

# %% [markdown]
# ## 9 · Many steps
#
# *Slides "Training iteration: parameter update", "Learning Rate"*
#
# One step with $\eta = 0.01$ was safe and slow. Why not $\eta = 1$?

# %%
ll.predict("06-hundred-times")

# %% [markdown]
# Try it. Choose the learning rate and the number of steps. Keep to **one sentence** at first.
#
# - With $\eta = 0.01$: does the loss end lower than it does with $\eta = 1$? After how many steps does it stop falling?
# - Try the other learning rates. Which of them end somewhere else?

# %% tags=["nbval-ignore-output"]
ll.explore_descent()

# %% [markdown]
# **Look again after you have tried.** With one sentence, most rates end at $\log 2 \approx 0.693$; the smallest are still on their way there. Each step makes
# $z_2$ a little smaller. Once it is negative, the last unit that was on goes off: $h = 0$, $p = [\tfrac12, \tfrac12]$,
# and no gradient comes back to anything. The network has not learnt that the text is about animals. It has learnt to
# keep silent. Only from $\eta = 30$ on it ends elsewhere: its first step is so long that it leaps over that place, and
# lands by luck where $p_1$ is nearly 1.

# %% [markdown]
# ### Two sentences
#
# Now choose **two sentences** in the explorer. The second one is "goose", and it is *not* about animals. The two pull
# the shared parameters in different directions. Look for a learning rate of each kind, and write it down here: double-click
# this cell, or press Enter on it.
#
# - **too small**: the loss falls, but slowly. Mine: …
# - **well chosen**: it falls quickly, with hardly a rise. Mine: …
# - **too large**: it is stuck at a bad place after a few steps. Mine: …
# - **much too large**: it grows from step to step, until it is NaN: not a number. That is **divergence**. Mine: …

# %% [markdown]
# The library's own training says the same of four rates. `ll.minimise` repeats the update; when the loss is
# no longer a finite number, it stops and says at which step and with which rate.

# %%
two = ll.sentences([["duck", "duck", "goose"], ["goose"]], example.vocabulary)
labels = np.array([[1.0, 0.0], [0.0, 1.0]])

for rate in (0.01, 0.5, 3.0, 100.0):
    try:
        run = ll.minimise(
            lambda params: ll.mlp_loss(params, two, labels), example.params, ll.sgd(rate), max_steps=60
        )
        first, *_, last = run.history.losses
        print(f"η = {rate:g}: the loss falls from {first:.3f} to {last:.3f}")
    except ll.DivergenceError as error:
        print(textwrap.fill(f"η = {rate:g}: {error}", 66))

# %% [markdown]
# Even the well chosen rate ends near $\tfrac12 \log 2 = 0.347$, and falls no further than that. The loss is the mean of the
# two sentences: "goose" is learnt, its loss is nearly 0; for "duck duck goose" all units have gone off, its loss is $\log 2$.

# %% [markdown]
# ## What to take away
#
# - Backward, a layer $z = W h + b$ gives $\frac{\partial\ell}{\partial W} = \frac{\partial\ell}{\partial z} h^\top$,
#   $\frac{\partial\ell}{\partial b} = \frac{\partial\ell}{\partial z}$ and
#   $\frac{\partial\ell}{\partial h} = W^\top \frac{\partial\ell}{\partial z}$.
# - Softmax with the negative log-likelihood gives $\frac{\partial\ell}{\partial o} = p - y$.
# - ReLU lets through what belongs to units that are on.
# - A word that stands twice receives twice.
# - Backpropagation gives gradients; the optimiser takes the step. Too small a rate is slow, too large a rate jumps,
#   sticks or diverges. And when all units are off, nothing is learnt any more.
#
# Next: lesson 07 lets gradient descent run: where it begins, when it stops, and how to see that something is wrong.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `06_duck_goose_backward.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## For the curious: the program that backpropagation writes
#
# The library can write the two passes of any graph down as one NumPy program, the one that you would have derived
# by hand. Beside the lines of the backward pass stand the formulas.
#
# Compare it with your own `mlp_gradients`. Where does it deal with the ReLU, and where with the word that stands twice?

# %%
print(ll.program(graph["loss"]).source)
