# %% [markdown]
# # 00 · Start here
#
# These notebooks go with the lecture *Backpropagation and Gradient Descent*. In them you see every number of the
# forward and the backward pass, you move things and watch what happens, and you write the important steps
# yourself.
#
# **Time:** 15 to 30 minutes. At the end you can
#
# 1. run a notebook and save your work,
# 2. answer a question, move an explorer, complete an exercise and ask for a hint,
# 3. read the notation that all lessons share.

# %% [markdown]
# ## 1 · Running cells
#
# A notebook is made of **cells**. This one is text. The next one is Python. Click on it, or reach it with the
# arrow keys, and press **Shift + Enter** to run it.

# %%
import lecture_lib as ll

"It works."

# %% [markdown]
# Run the cells from top to bottom: later cells need what earlier ones made. If you lose track, choose
# **Kernel → Restart Kernel and Run All Cells** in the menu. Save with **Ctrl + S** (on a Mac, **Cmd + S**). If you
# use Binder, the machine is deleted when you leave: download your notebook first (**File → Download**).

# %% [markdown]
# ### When Python complains
#
# Everybody meets these. Come back to this table when something looks wrong.
#
# | what you see | what it means | what to do |
# |---|---|---|
# | a red box below a cell | Python stopped at a line of this cell; the lines after it were **not run** | read the last line of the box first, correct the cell, run it again |
# | `NameError: name 'll' is not defined` | the cell that makes this name has not been run | run the cells above, from the top; or look for a typing mistake in the name. Is it a text? Then it needs quotes: `"duck"`, not `duck` |
# | `[*]` beside a cell | the cell is still running, or waits for one above it | wait; to stop it, press ■ in the bar at the top |
# | `SyntaxError` | Python cannot read the line: a quote, a bracket or a colon is missing, there or in the line above | close every text with a quote, and every bracket; end a `def` or `for` line with `:` |
# | a product or a power gives an error or a wrong number | Python needs its own signs | write `2 * x`, not `2x`; write `x**2`, not `x^2` |
# | the entry beside the one you wanted, or `IndexError` | Python counts from **0**: the first entry is `h[0]`, the second `h[1]` | subtract 1 from the number in the formula |
# | a text with signs such as `#` and `$` in it | you double-clicked a text, and see how it is written | press **Shift + Enter** |

# %% [markdown]
# ## 2 · Sign in
#
# Some exercises are done by hand, with numbers of your own. They are made from your id. Write the id that your
# instructor knows you by between the quotes, and run the cell. Use the same id in every lesson.

# %%
ll.student("guest")

# %% [markdown]
# ## 3 · Questions
#
# Most lessons begin with questions on what came before. They are not graded. Choose an answer before you look
# it up: trying to remember is what makes it stay.
#
# By keyboard: run the cell with **Ctrl + Enter**, which keeps you on it, and press Tab until an option has the
# focus. The arrow keys choose, Tab moves on to the button, and Enter or Space presses it.
#
# These ask for what the lecture takes as known: a product of a matrix and a vector, a logarithm, a derivative.

# %%
ll.recall("00")

# %% [markdown]
# ## 4 · Explorers
#
# An explorer shows a picture and some controls. This one draws the smallest graph of the lecture: one product,
# squared. Blue numbers go forward, orange numbers come back; lesson 03 explains them. Move a slider with the mouse
# or with the arrow keys, and step through the picture.


# %%
def product_squared(x, w):
    c = (ll.parameter(w, "w") * ll.data(x, "x")).named("c")
    return (c**2).named("loss")


ll.explore_graph(product_squared, x=2.0, w=-0.5)

# %% [markdown]
# In a saved notebook, and wherever no Python runs, an explorer is a still picture. Run its cell to bring it to
# life. Every picture also comes with a description in words for a screen reader.

# %% [markdown]
# ## 5 · Exercises
#
# An exercise asks you to complete a function. Replace the line `raise NotImplementedError(...)`. Keep the name and
# the arguments: the check looks for them.
#
# ### Exercise `practice` ({points})
#
# Complete `double`, so that it returns two times `x`.


# %% exercise="practice" defines=["double"]
def double(x):
    """Return two times x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# %%
ll.check("practice", double)

# %% [markdown]
# A check says one of four things:
#
# - **passed**,
# - **not yet**: what was asked, with which input, what came, and what was expected; if it recognises your mistake,
#   also a word of advice,
# - **error**: Python stopped; your own line comes first,
# - **not attempted**: nothing has been handed back yet: no answer is written there, or its `return` is missing.
#
# Try it: let `double` return `x + 2`, run its cell, and then the check again. A check costs nothing. Use it as often
# as you like.
#
# Each exercise has three hints. The first shows where to begin, the last nearly tells you.

# %%
ll.hint("practice")

# %% [markdown]
# ## 6 · Progress
#
# What you have earned so far, lesson by lesson. It is kept beside the notebooks, for your id.

# %%
ll.progress()

# %% [markdown]
# ## 7 · Notation
#
# All lessons write these things in one way. The slides come from several hands, and some signs mean two things there.
# Letters that are not in the table, such as $a$, $c$, $d$, $e$ or $q$, stand for values in between, and are said where
# they are used.

# %% [markdown]
# | we write | in code | it is |
# |---|---|---|
# | $x$ | `x` | an input, a number or a vector |
# | $\mathcal{V}$ | `vocabulary` | the words that the model knows |
# | $E$ | `E` | the embeddings: **a column for each word**, a row for each dimension |
# | $h_0$ | `h0` | the encoded text: the mean of its words' columns |
# | $W$, $b$ | `W`, `b` | weights (a row for each output, a column for each input) and biases of a hidden layer |
# | $z$, $h$ | `z`, `h` | a hidden layer before and after its activation, $h = \mathrm{ReLU}(z)$; where there is a single layer, $z$ are its scores |
# | $U$, $o$ | `U`, `o` | the output layer's weights, and its scores $o = U h$ |
# | $p$ | `p` | the predicted probabilities, $p = \mathrm{softmax}(o)$ |
# | $y$ | `y` | the true class as a **one-hot** vector: 1 at the true class, 0 elsewhere |
# | $\ell$ | `loss` | the loss |
# | $\theta$ | `theta`, `params` | all parameters together |
# | $\eta$ | `learning_rate` | the learning rate |
# | $\partial\ell/\partial W$ | `d_W` | the derivative of the loss for $W$, of the same shape as $W$ |
# | $\nabla_\theta \ell$ | `gradient` | all those derivatives together |

# %% [markdown]
# ### Where the slides differ
#
# | on the slides | there it means | here |
# |---|---|---|
# | $\hat{y}$ | the predicted probabilities | $p$ |
# | $\delta$ | a partial derivative, and also the Kronecker delta $\delta_i(j)$, 1 if $i = j$ and else 0 | $\partial$; and $\delta_{ij}$, 1 if $i = j$ and else 0 |
# | $E$ | the embeddings, and (as $\mathbb{E}$) an expected value | $E$; "mean over" |
# | $s$ and $t$ | the number of the update step | $s$ where a formula needs it, $t$ in Adam |
# | $C$ | a stopping criterion, and also the set of classes | `stop`; $C$ is the number of classes |
# | $\theta^*$ | the best parameters, and also the true ones behind the labels | said in words |
# | $p(y \mid x)$, $f(x)$ | the predicted probabilities | $p$ |
# | parents, children | the parents of a node use its value, its children are its operands | the other way round: `node.parents` are its operands |
# | second-order momentum | the mean of squared gradients in Adam | second moment |
# | "Recup" in a title | Recap: something that an earlier lecture had | Recap |

# %% [markdown]
# ## 8 · The lessons
#
# | lesson | what it is about |
# |---|---|
# | 01 | loss and update: the negative log-likelihood, and one step of gradient descent |
# | 02 | gradients: slopes measured and derived, softmax, the gradient of one layer |
# | 03 | graphs and the chain rule: one neuron, forward and back |
# | 04 | build backpropagation yourself |
# | 05 | duck, duck, goose: the forward pass of a network |
# | 06 | duck, duck, goose: the backward pass, and steps of gradient descent |
# | 07 | gradient descent: where it leads, when it stops, when it diverges |
# | 08 | minibatches, learning rates that fall, and Adam |
# | 09 | model selection: which network to keep, and how good it is |
# | 10 | the whole routine on real text |
#
# Open one from the file list on the left. Each says at its top how long it takes: the shorter time if you know the
# mathematics and some Python, the longer one if one of them is new to you.

# %% [markdown]
# ## 9 · Handing in
#
# Every lesson with exercises ends in the same way:
#
# 1. Choose **Kernel → Restart Kernel and Run All Cells** in the menu. It runs the cells as they are on the page.
# 2. Look at every check: it should say **passed**.
# 3. Save with **Ctrl + S** (on a Mac, **Cmd + S**). Hand in the saved file, as your instructor asks.
