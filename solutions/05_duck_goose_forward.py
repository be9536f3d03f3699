# %% [markdown]
# # 05 · Duck, duck, goose: the forward pass
#
# **Slides:** "A concrete example" to "Training iteration: calculate the loss". **Time:** 50 to 100 minutes.
#
# At the end you can
#
# 1. turn a sentence into a vector with a **bag-of-words encoder**,
# 2. compute the **forward pass** of a network with one hidden layer, by hand and in NumPy,
# 3. compute its **loss** and say what a loss of 0.69 means with two classes,
# 4. say why it matters whether a word is a row or a column of $E$.
#
# Everything here happens to one sentence: **duck duck goose**.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Until now the graphs were small: a neuron, a layer. This lesson puts a whole network together. It uses the negative
# log-likelihood and one-hot vectors (lesson 01), softmax (lesson 02) and graphs (lessons 03 and 04). Three questions on
# lessons 03 and 04:

# %%
ll.recall("05")

# %% [markdown]
# ## 1 · What is trained, and how
#
# *Slide "Experimental Routine"*
#
# Training repeats five steps:
#
# 1. sample an input and its label,
# 2. **forward pass**: compute the prediction,
# 3. compute the **loss** between the prediction and the label,
# 4. **back-propagate**: compute the gradient of the loss for every parameter,
# 5. **update** the parameters.
#
# This lesson does steps 1 to 3 with real numbers. Lesson 06 does steps 4 and 5.

# %% [markdown]
# *Slides "Producing the Output", "Choosing the hyper-parameters"*
#
# The question is: **is this text about animals?** The model is a *multilayer perceptron* (MLP) of depth $L = 2$:
#
# $$\begin{gathered}
# h_0 = \mathrm{enc}(x_1, \dots, x_n) \qquad z = W h_0 + b \qquad h = \mathrm{ReLU}(z) \\
# o = U h \qquad p = \mathrm{softmax}(o)
# \end{gathered}$$
#
# - $\mathrm{enc}$ turns the words $x_1, \dots, x_n$ into one vector $h_0$.
# - $W$, $b$ are the weights and biases of the hidden layer, $U$ the weights of the output layer. The slides give
#   the output layer no bias.
# - $\mathrm{ReLU}(z)$ keeps what is positive and sets the rest to 0.
# - $\mathrm{softmax}$ turns the scores $o$ into probabilities $p$ (on the slides: $\hat{y}$).
#
# The **depth** $L$ counts the layers with weights: here a hidden layer and the output layer. The slide writes the forward
# pass for any depth: $L - 1$ hidden layers, one after the other, each with weights and biases of its own, and the output
# layer. Lesson 09 trains networks of depth 3 as well.

# %% [markdown]
# ### NumPy in eleven lines
#
# NumPy computes with whole vectors and matrices. The cells of this lesson use these, and you can look them up here:
#
# | in code | it is |
# |---|---|
# | `np.array([1.0, 2.0])` | an array made from a list. `+` adds the entries of two arrays; of two lists it makes one longer list |
# | `W @ h` | the product of a matrix and a vector |
# | `W * W` | entry times entry: not the product of two matrices |
# | `E[:, 0]` | column 0 of `E`, the first one: `:` means "every row" |
# | `E[0]` | row 0 of `E` |
# | `E[1, 0]` | the entry in row 1 and column 0 |
# | `h.shape` | the sizes: `(2,)` is a vector of two numbers, `(2, 3)` a matrix of two rows and three columns |
# | `np.maximum(z, 0)` | for each entry of `z`, the larger of it and 0 |
# | `np.exp(o)`, `np.log(p)` | $\exp$ and the natural logarithm of each entry |
# | `vocabulary["duck"]` | the column number of the word *duck*: `vocabulary` is a Python dict |
# | `[2 * n for n in numbers]` | a list with one entry for each entry of `numbers` |

# %%
M = np.array([[1.0, 2.0], [3.0, 4.0]])
print("column 0:  ", M[:, 0], "  its shape:", M[:, 0].shape)
print("M @ [1, 1]:", M @ np.array([1.0, 1.0]))
print("maximum:   ", np.maximum(np.array([-1.0, 2.0]), 0))

# %% [markdown]
# *Slide "Initialising the model"*
#
# The slides sample the weights from a uniform distribution between $-1$ and $1$, and set the biases to 0. These
# are their numbers:

# %%
example = ll.duck_goose()
E, W, b, U = (example.params[name] for name in ("E", "W", "b", "U"))

for name in ("W", "b", "U"):
    print(name, "=", example.params[name].tolist())

# %% [markdown]
# ## 2 · From words to a vector
#
# *Slide "Training iteration: encode the input"*
#
# The vocabulary has two words. Each word has a vector of two numbers, its **embedding**. The embeddings stand side
# by side in the matrix $E$: **a column for each word, a row for each dimension**.

# %%
ll.embedding(E, example.vocabulary, example.tokens)

# %% [markdown]
# The encoder takes the column of every word of the text and averages them. *duck* stands twice in the text, so its
# column counts twice. Word order does not matter: that is why it is called a **bag** of words.
#
# $$h_0 = \frac{1}{3}\left(\begin{bmatrix}0.05\\-1.5\end{bmatrix} + \begin{bmatrix}0.05\\-1.5\end{bmatrix} +
# \begin{bmatrix}-0.1\\-0.9\end{bmatrix}\right)$$

# %%
h0 = (E[:, 0] + E[:, 0] + E[:, 1]) / 3
h0.round(4)

# %% [markdown]
# The slide writes the words beside the **rows** of $E$ as well. That is a mistake: its own average is taken over
# columns. At the end of this lesson you will see what happens to someone who reads rows.
#
# One more thing to notice: $E$ holds $-1.5$. It cannot have been sampled between $-1$ and $1$ like the rest.

# %% [markdown]
# ### The same with steps left out
#
# The text is now *goose duck goose goose*. Fill in the number of words and the mean.

# %%
total = E[:, 1] + E[:, 0] + E[:, 1] + E[:, 1]
# BEGIN SOLUTION
number_of_words = 4
mean = total / number_of_words
# END SOLUTION

# %%
ll.compare("mean", mean, ll.encode(["goose", "duck", "goose", "goose"], example.vocabulary, E))

# %% [markdown]
# NumPy can take several columns at once: a list of column numbers, with repetitions, gives those columns side by
# side. `.mean(axis=1)` then averages along each row.

# %%
E[:, [0, 0, 1]]

# %%
E[:, [0, 0, 1]].mean(axis=1).round(4)

# %% [markdown]
# ### Exercise `encode` ({points})
#
# Write the encoder. `tokens` is a list of words. `vocabulary` is a dict that gives each word its column of `E`.
# Return the mean of the words' columns. It has to work for every vocabulary and every number of dimensions.


# %% exercise="encode"
def encode(tokens, vocabulary, E):
    """Return h0, of shape (dimensions,): the mean of the columns of E that the tokens pick."""
    # BEGIN SOLUTION
    columns = [vocabulary[token] for token in tokens]
    return E[:, columns].mean(axis=1)
    # END SOLUTION


# %%
ll.check("encode", encode)

# %% [markdown]
# ## 3 · The hidden layer
#
# *Slide "Training iteration: forward pass"*
#
# Next comes $z = W h_0 + b$: each row of $W$ is multiplied by $h_0$ entry by entry, added up, and the bias is
# added. Then the ReLU. What will the first unit give?

# %%
ll.predict("05-first-unit")

# %%
z = W @ h0 + b
ll.matrix_step(W, h0, b)

# %%
h = ll.relu(z)
ll.relu_units(z)

# %% [markdown]
# The first unit is **off** for this sentence: its $z$ is negative, so $h_1 = 0$. ($h_1$ is the first entry of $h$, in code `h[0]`; $h_0$ is a
# vector of its own.) Keep that in mind. In lesson 06 it
# decides which weights can learn anything from this sentence.

# %% [markdown]
# ## 4 · The output
#
# The output layer computes one **score** for each class, $o = U h$. Class 1 is "about animals", class 2 is "not
# about animals".
#
# Softmax, from lesson 02, turns scores into probabilities: take $\exp$ of each, then divide by their sum.
#
# $$p_i = \frac{\exp(o_i)}{\sum_k \exp(o_k)}$$

# %%
ll.predict("05-larger-p")

# %%
o = U @ h
o.round(4)

# %%
exponentials = np.exp(o)
p = exponentials / exponentials.sum()

print("exp(o) =", exponentials.round(6))
print("sum    =", exponentials.sum().round(6))
print("p      =", p.round(6))

# %%
ll.softmax_bars(p, example.y, labels=["animals", "not animals"])

# %% [markdown]
# The model gives the true class only 0.42. That is no surprise: its weights are random numbers.

# %% [markdown]
# ### A worked example: a network without a hidden layer
#
# Here is a smaller forward pass: scores straight from $h_0$, with a bias $c$, then softmax. One line is one
# operation.


# %%
def example_forward(h0, V, c):
    o = V @ h0 + c
    exponentials = np.exp(o)
    p = exponentials / exponentials.sum()
    return o, p


V = np.array([[0.2, -0.4], [1.0, 0.5]])
c = np.array([0.1, 0.0])
o_example, p_example = example_forward(h0, V, c)
p_example.round(4)

# %% [markdown]
# ### Exercise `mlp_forward` ({points})
#
# Now with the hidden layer. Return $z$, $h$, $o$ and $p$, in this order. The sizes of the layers may be any. For the last
# line you may use the library's softmax, `ll.softmax`.


# %% exercise="mlp_forward"
def mlp_forward(h0, W, b, U):
    """Return (z, h, o, p): z = W h0 + b, h = ReLU(z), o = U h, p = softmax(o)."""
    # BEGIN SOLUTION
    z = W @ h0 + b
    h = np.maximum(z, 0)
    o = U @ h
    exponentials = np.exp(o - o.max())
    p = exponentials / exponentials.sum()
    return z, h, o, p
    # END SOLUTION


# %%
ll.check("mlp_forward", mlp_forward)

# %% [markdown]
# ## 5 · The loss
#
# *Slide "Training iteration: calculate the loss"*
#
# As in lesson 01, the true class is a **one-hot** vector, $y = [1, 0]$, and the loss is the **negative log-likelihood**
#
# $$\ell = -\sum_i y_i \log p_i$$
#
# $\log$ is the natural logarithm. All $y_i$ but one are 0, so one term is left: $\ell = -\log p_1$.

# %%
y = example.y
loss = -(y * np.log(p)).sum()
print(f"loss = {loss:.6f}")

# %% [markdown]
# Is that good? Compare:
#
# - certain and right, $p_1 = 1$: the loss is $-\log 1 = 0$,
# - no idea, $p_1 = \tfrac12$: the loss is $-\log \tfrac12 \approx 0.693$,
# - certain and wrong, $p_1 \to 0$: the loss grows without limit.
#
# So 0.861 is worse than no idea.

# %% [markdown]
# ## 6 · The whole forward pass as a graph
#
# *Slide "Computation Graph"*
#
# All of it again, one operation at a time. `ll.sentence_graph` builds the graph with the library's operations, as
# you built the neuron's in lesson 03. Some values in between have names too: $X$ holds the words' columns side by
# side, $a = W h_0$, and $q = \log p$. The circle [ ] picks columns.
#
# Step through it: at each step, say what comes next before you press the button. Each layer stands in a frame. With
# *open* you see the operations of one layer alone, or of none: then the network is four boxes.

# %%
graph = ll.sentence_graph(example)
ll.scrubber(ll.forward(graph["loss"]), title="Forward, step by step", layers=ll.LAYERS)

# %%
ll.table(ll.forward(graph["loss"]))

# %% [markdown]
# ## 7 · By hand
#
# ### Exercise `forward_by_hand` ({points})
#
# Here is your own sentence, with your own weights. Compute its forward pass **on paper or with a pocket
# calculator**, and write down $h_0$, $z$, $h$, $o$, $p$ and the loss. Two decimals are enough. It takes ten minutes, and
# you will remember it.
#
# NumPy and your own functions may help. Numbers that you take from the library's graph earn nothing when the notebook is
# graded: the points are for the steps.

# %%
ll.my_example()

# %% exercise="forward_by_hand"
# BEGIN SOLUTION
mine = ll.my_example()
h0_mine = encode(mine.tokens, mine.vocabulary, mine.E)
z_mine, h_mine, o_mine, p_mine = mlp_forward(h0_mine, mine.W, mine.b, mine.U)
loss_mine = -(mine.y * np.log(p_mine)).sum()
forward_by_hand = {
    "h0": h0_mine,
    "z": z_mine,
    "h": h_mine,
    "o": o_mine,
    "p": p_mine,
    "loss": loss_mine,
}
# INSTEAD
# forward_by_hand = {
#     "h0": ...,  # two numbers: [0.12, -3.45]
#     "z": ...,  # two numbers
#     "h": ...,  # two numbers
#     "o": ...,  # two numbers
#     "p": ...,  # two numbers
#     "loss": ...,  # one number
# }
# END SOLUTION

# %%
ll.check("forward_by_hand", forward_by_hand)

# %% [markdown]
# ## 8 · What if a word were a row?
#
# Read $E$ by rows, as the labels on the slide suggest: *duck* is $[0.05, -0.1]$, *goose* is $[-1.5, -0.9]$.

# %%
h0_rows = (E[0] + E[0] + E[1]) / 3
z_rows = W @ h0_rows + b
ll.relu_units(z_rows)

# %%
p_rows = ll.softmax(U @ ll.relu(z_rows))
p_rows

# %% [markdown]
# **Both** units are off, so $h = 0$, the scores are 0, and $p = [0.5, 0.5]$: the model has no idea. Worse, it cannot
# learn from this sentence. $E$, $W$ and $b$ receive no gradient, because both ReLUs are off. $U$ is not behind a ReLU,
# but each of its entries is multiplied by an entry of $h$, and $h = 0$: so its gradient is 0 too. One wrong reading of
# one matrix, and no error message.

# %% [markdown]
# ## What to take away
#
# - The encoder averages the **columns** of $E$. A repeated word counts as often as it stands there.
# - A layer is $W h + b$, then an activation. ReLU switches units off, sentence by sentence.
# - Softmax makes probabilities of scores; the loss looks only at the probability of the **true** class.
# - Two classes and a loss above $\log 2 \approx 0.69$: worse than no idea.
#
# Next: lesson 06 walks back through this graph and takes the first training step.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `05_duck_goose_forward.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()
