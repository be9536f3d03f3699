# %% [markdown]
# # 07 · Descent
#
# **Slides:** "Recap: Gradient Descent Algorithm" to "Learning Rate". **Time:** 70 to 110 minutes.
#
# At the end you can
#
# 1. write the **loop of gradient descent**, with a criterion to stop, and say what the slide's version leaves out,
# 2. say how the **starting point** decides where a run ends, and why no network begins with zeros,
# 3. stop by the **change of the parameters** or by the **development loss**, and say what fools each of them,
# 4. look at the curves of a training that goes wrong, and **name the cause**.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Three questions on what this lesson builds on.

# %%
ll.recall("07")

# %% [markdown]
# ## 1 · The loop
#
# *Slide "Recap: Gradient Descent Algorithm"*
#
# One step of gradient descent is an exercise of lesson 01. Training repeats it, until a **stopping criterion** says that
# it is enough, or until $S$ steps were made. This is the slide's algorithm:
#
# > **Require:** data $\mathcal D$, loss function $\ell(\cdot)$, initial parameters $\theta_0$, learning rate $\eta$,
# > stopping criterion $C(\cdot) \to \{\text{True}, \text{False}\}$
# >
# > $s \leftarrow 0$<br>
# > **while** $s < S$ **do**<br>
# > $\quad \theta_{s+1} = \theta_s - \eta \times \nabla_\theta \ell(\theta, \mathcal D)$<br>
# > $\quad$ **if** $C(\cdot) = \text{True}$ **then**<br>
# > $\quad\quad$ **return** $\theta_s$<br>
# > $\quad s \leftarrow s + 1$<br>
# > **return** $\theta_S$
#
# It is a sketch, and a sketch cannot be run. What happens if one does?

# %%
ll.predict("07-first-fault")

# %% [markdown]
# Here it is, line by line in Python; `theta_s` and `theta_next` stand for $\theta_s$ and $\theta_{s+1}$. It is run each
# time you look at it, on the loss $\theta^2$ from $\theta = 4$. The criterion `small_step` is met once a step is shorter than
# 0.3.
#
# Repair one line after the other. Before you turn the next one on: what would you write in that line?

# %%
ll.explore_slide_loop()

# %% [markdown]
# Three of the four stop Python, and so are found within a minute. The fourth does not:
#
# | on the slide | what is missing |
# |---|---|
# | $S$ | it is not among the inputs |
# | $\nabla_\theta \ell(\theta, \mathcal D)$ | at *which* $\theta$? |
# | $C(\cdot)$ | what the criterion may look at |
# | **return** $\theta_s$ | the update was made, judged good enough, and thrown away |
#
# A fault that shows no error is the expensive kind. Section 6 is about finding those.

# %% [markdown]
# ### A worked example: a loop that asks
#
# This loop halves a number until a criterion says that it is enough, or until `most` halvings were made. It asks
# **before** each halving.


# %%
def halve(x, enough, most):
    halvings = 0
    while halvings < most and not enough(x):  # enough is a function: it is called here
        x = x / 2
        halvings = halvings + 1
    return x


def below_one(x):
    return x < 1


print(halve(10.0, below_one, 100), halve(10.0, below_one, 2), halve(0.5, below_one, 100))

# %% [markdown]
# ### The same with steps left out
#
# $\ell(\theta) = \theta^2$, so the gradient is $2\theta$; $\eta = 0.25$. From $\theta_0 = 8$ the first step leads to
# $\theta_1 = 8 - 0.25 \cdot 16 = 4$. Where do the next two lead?

# %%
theta_1 = 4.0
# BEGIN SOLUTION
theta_2 = 2.0
theta_3 = 1.0
# END SOLUTION

# %%
ll.compare("theta_2", theta_2, theta_1 - 0.25 * ll.numeric_gradient(np.square, theta_1))

# %%
ll.compare("theta_3", theta_3, 8.0 / 2**3)

# %% [markdown]
# ### Exercise `gradient_descent` ({points})
#
# Write the loop.
#
# - `gradient(theta)` gives the gradient at `theta`, an array of its shape. Call it **once** a step: in training each call
#   takes the next batch.
# - `stop(before, after, step)` is the criterion. Ask it once after **every** update, the last one too: a criterion may keep
#   a record. `before` and `after` are the parameters before and after that update, two different arrays; `step` is 1 after
#   the first update.
# - At most `max_steps` steps are made; it is 1 or more.
# - For the update itself you may use `ll.sgd_step(theta, gradient, learning_rate)`.
#
# Return the newest parameters. `theta0` must be the same afterwards as before.


# %% exercise="gradient_descent"
def gradient_descent(gradient, theta0, learning_rate, stop, max_steps):
    """Return the parameters after the last update, an array of theta0's shape."""
    # BEGIN SOLUTION
    theta = theta0
    for step in range(1, max_steps + 1):
        before = theta
        theta = before - learning_rate * gradient(before)
        if stop(before, theta, step):
            break
    return theta
    # END SOLUTION


# %%
ll.check("gradient_descent", gradient_descent)

# %% [markdown]
# Stuck? Run `ll.hint("gradient_descent")` in a new cell. There are three hints; each says a little more.

# %% [markdown]
# ## 2 · Where it begins
#
# *Slide "Parameter Initialisation"*
#
# The smallest network with a hidden unit has two parameters: it says $u \cdot \text{ReLU}(w x)$. Here it is trained on four
# examples, and its loss is the mean squared error. With two parameters the loss is a landscape that one can see.

# %%
ll.predict("07-starts")

# %% [markdown]
# Each mark on the map is a starting point. Its shape says where gradient descent ends that starts **there**. A set of starts
# that end in the same valley is called a **basin**. The second picture is the loss along the path that you chose. Click a
# place on the map to begin there, or move the sliders.
#
# - Walk from $w = 1.5$, $u = -1$. Then begin a little further down, at $u = -1.75$. What happens to the path?
# - Begin at $w = 0$, with any $u$. And with $u = 0$?
# - Raise $\eta$ to 0.2 and 0.3. Do the basins stay as they are?

# %%
ll.explore_starts()

# %% [markdown]
# What there is to see:
#
# - For $w > 0$ the unit is on for positive $x$ and can fit those; for $w < 0$ it is on for negative $x$. There is no way
#   down from the poor valley to the good one: between them lies $w = 0$.
# - For $w = 0$ the hidden unit is off for every example, and the gradient is 0. No rate and no patience leads away from
#   there. From many other starts a run comes near it, and hardly moves any more. ($u = 0$ alone is no trap: $u$ has a slope.)
# - A larger rate changes the basins, and makes their borders ragged. A neighbouring start may end elsewhere. Far out, runs
#   diverge.
#
# So the end depends on the start. The usual way out is to **draw** the start at random, to try several, and to compare.

# %% [markdown]
# ### Zeros
#
# Why at random? Zeros would be simpler.

# %%
ll.predict("07-zero")

# %%
ll.predict("07-alike")

# %% [markdown]
# Four hidden units learn "exclusive or": is one of the two inputs 1, and the other 0? Choose how they begin, and train.
# Look at the rows of the table: a row is a unit.
#
# - All parameters 0: which of them move?
# - Every unit alike: how many different units are there in the end, and which loss do they reach?
# - Three random draws: do they end at the same loss?

# %% tags=["nbval-ignore-output"]
ll.explore_symmetry()

# %% [markdown]
# - With **zeros** nothing moves: $h = 0$ makes $\frac{\partial\ell}{\partial U} = 0$, and $U = 0$ makes
#   $\frac{\partial\ell}{\partial h} = 0$.
# - Units that begin **alike** get the same gradient, and stay alike. Nothing in the data and nothing in the rule breaks the
#   symmetry. Four of them can do what one can.
# - A **random** start breaks it. It does not make every draw a good one: here one draw learns the task better than another,
#   and one gets stuck.

# %% [markdown]
# ## 3 · When to stop: the change
#
# *Slide "Stopping Criteria"*
#
# One criterion on the slide is **convergence**: stop when the parameters hardly change. It is printed with a small
# number $\tau$, the **threshold**:
#
# $$\theta_{s+1} - \theta_s < \tau$$

# %%
ll.predict("07-criterion")

# %% [markdown]
# A norm is missing. The Euclidean norm is the length in a straight line, by Pythagoras, in any number of dimensions:
#
# $$\lVert \theta_{s+1} - \theta_s \rVert < \tau \qquad\text{with}\qquad \lVert v \rVert = \sqrt{\textstyle\sum_i v_i^2}$$
#
# All parameters count as one long vector, whatever shape they are kept in.

# %% [markdown]
# ### A worked example: a criterion on the loss
#
# Some stop when the *loss* hardly changes. A loss is one number, and the size of a number is its absolute value. So no
# norm is needed:


# %%
def fallen(loss_before, loss_after, tau):
    change = loss_after - loss_before
    return abs(change) < tau


print(fallen(5.0, 1.0, tau=0.01), fallen(1.0, 5.0, tau=0.01), fallen(1.0, 1.002, tau=0.01))

# %% [markdown]
# ### The same with steps left out
#
# $\theta$ goes from $[1, 2, 0]$ to $[2, 0, 2]$. The differences are 1, $-2$ and 2. How long is the change?

# %%
# BEGIN SOLUTION
length = (1**2 + (-2) ** 2 + 2**2) ** 0.5
# END SOLUTION

# %%
ll.compare("length", length, np.hypot(np.hypot(1.0, 2.0), 2.0))

# %% [markdown]
# ### Exercise `converged` ({points})
#
# Say whether the change is **strictly** shorter than `tau`. `before` and `after` are arrays of one shape, whichever it is.
# Return one `True` or `False`.


# %% exercise="converged"
def converged(before, after, tau):
    """Return whether the Euclidean norm of the change is below tau."""
    # BEGIN SOLUTION
    return np.linalg.norm(after - before) < tau
    # END SOLUTION


# %%
ll.check("converged", converged)

# %% [markdown]
# ### What fools it
#
# The update is $\eta \nabla_\theta \ell$. It is short at the bottom, where the gradient is small. When else?

# %%
ll.predict("07-tiny-rate")

# %% [markdown]
# The loss is $\tfrac12 w^2 + 5u^2$, a long bowl, and every run starts at $w = -4$, $u = 1$. The first picture is the loss, the
# second the length of each update, both in powers of ten. The diamond marks where the criterion
# stops.
#
# - With $\eta = 0.1$: which $\tau$ is small enough for a loss below 0.001?
# - Keep that $\tau$, and lower $\eta$. When does the run stop now, and at which loss?

# %% tags=["nbval-ignore-output"]
ll.explore_stopping_by_change()

# %% [markdown]
# A tiny rate **fakes** convergence: each update is short because $\eta$ is. Whoever lowers the rate has to lower $\tau$ as
# well, or look at the gradient, which does not contain $\eta$.

# %% [markdown]
# ## 4 · When to stop: new texts
#
# *Slide "Stopping Criteria"*
#
# The training loss is not what one wants to be small. A model should do well on texts that it has **not** been trained
# on. So some are kept apart, the **development set**, and looked at after each pass over the data, an **epoch**. (The
# slide says "development step"; a development *set* is meant.)
#
# **Early stopping** ends training when the dev loss stops falling. But it goes up and down. So one waits: **patience** is how
# many evaluations in a row may bring no new best. When it has run out, the parameters of the best evaluation are kept.

# %%
ll.predict("07-patience")

# %% [markdown]
# ### A worked example: counting in a row
#
# How often in a row did a list of numbers rise, at most?


# %%
def longest_rise(values):
    longest = 0
    in_a_row = 0
    for i in range(1, len(values)):
        if values[i] > values[i - 1]:
            in_a_row = in_a_row + 1
        else:
            in_a_row = 0  # the row is broken
        longest = max(longest, in_a_row)
    return longest


longest_rise([3, 4, 5, 1, 2, 3, 4, 0])

# %% [markdown]
# ### The same with steps left out
#
# Here are some dev losses; patience is 2. A tie is no new best. Evaluations are counted from 0. At which one does patience
# run out, and which one is kept?

# %%
some_losses = [0.9, 0.6, 0.7, 0.6, 0.5, 0.8, 0.7, 0.9]
# BEGIN SOLUTION
runs_out_at = 3
kept = 1
# END SOLUTION

# %%
ll.compare("runs_out_at", runs_out_at, ll.early_stopping(some_losses, 2) + 2)

# %%
ll.compare("kept", kept, ll.early_stopping(some_losses, 2))

# %% [markdown]
# ### Exercise `early_stopping` ({points})
#
# `dev_losses` is a list of dev losses in order, `patience` is 1 or more. Return the number, from 0, of the evaluation
# whose parameters are kept:
#
# - the best so far, when `patience` evaluations in a row have brought no new best; nobody sees what would come later,
# - the best of all, when the list ends before.


# %% exercise="early_stopping"
def early_stopping(dev_losses, patience):
    """Return the number of the evaluation to keep, counted from 0."""
    # BEGIN SOLUTION
    best = 0
    for evaluation, loss in enumerate(dev_losses):
        if loss < dev_losses[best]:
            best = evaluation
        elif evaluation - best >= patience:
            break
    return best
    # END SOLUTION


# %%
ll.check("early_stopping", early_stopping)

# %% [markdown]
# ### A real curve
#
# The lecture's network is trained on 1,000 dictionary definitions, for 24 epochs, whatever the dev loss does. (This takes
# some seconds. A bar shows how far it is; the square button at the top stops it.)

# %% tags=["nbval-ignore-output"]
history = ll.train_without_stopping(np.random.default_rng(0))
history.why

# %% [markdown]
# Now choose the patience. The grey part of the curve is what that patience never sees.
#
# - Which is the smallest patience that keeps the best model of this curve?
# - What does a larger one cost?

# %% tags=["nbval-ignore-output"]
ll.explore_patience(history.dev_losses, history.epoch_losses)

# %% [markdown]
# Nobody knows the smallest sufficient patience beforehand. It is one more hyper-parameter: too small, and a bump in the curve
# ends training; too large, and time is spent on epochs that are thrown away. Note also how the training loss goes on falling
# while the dev loss does not.

# %% [markdown]
# ## 5 · Divergence, on a surface
#
# *Slide "Learning Rate"*
#
# In lesson 06 a rate that was too large made the numbers grow until they were `nan`, not a number. On a surface of two
# parameters one sees how. This bowl is long: $\ell(w, u) = \tfrac12 w^2 + 5 u^2$.

# %%
ll.predict("07-bowl")

# %% [markdown]
# - Which rate brings $u$ to 0 in one step? Where is $w$ then?
# - At which rate does $u$ leap from side to side without end?
# - Which rate is the best for both together?

# %%
ll.explore_divergence()

# %% [markdown]
# Each step multiplies $w$ by $1 - \eta$ and $u$ by $1 - 10\eta$. A factor between $-1$ and 1 shrinks, a factor below $-1$ grows.
# The **steepest** direction sets the largest rate, here 0.2; and with that rate the flattest direction goes slowly. Lesson
# 08 is about what can be done: rates that change, momentum, and a rate for each parameter.

# %% [markdown]
# ## 6 · Diagnosis
#
# Most faults in training raise no error. They show in the curves, and in a few numbers. Here are eight training runs of a
# small network with three classes. Each was made by a training loop with **one** thing wrong, or with nothing wrong.
#
# Nine causes, in no order; eight of them occur, each once:
#
# - the learning rate is too large
# - the learning rate is too small
# - the sign of the update is wrong
# - the gradient is always taken at $\theta_0$
# - the batch never changes: the same ten texts are taken at every step
# - all parameters begin at 0
# - all units are dead from the start
# - the labels are shifted by one text: each text has the label of another
# - nothing is wrong
#
# Three numbers help most. A model that knows nothing has the loss $\log 3 \approx 1.10$. The **length of the gradient** says
# whether anything could move. And the **cosine** between an update and the next says how they point: 1 the same way, 0 at a
# right angle, $-1$ back again.

# %% tags=["nbval-ignore-output"]
ll.explore_runs(seed=1)

# %% [markdown]
# Look at a run, then name its cause. Every option has a reason, with the numbers of that run.

# %% tags=["nbval-ignore-output"]
ll.diagnose(seed=1)

# %% [markdown]
# Another `seed` gives eight other runs, in another order. Write another number in both cells, and run them.

# %% [markdown]
# What to look at, in this order:
#
# | look at | it says |
# |---|---|
# | the **first loss**: $\log 3$ here? | scores that are too large, or exactly $\log 3$: no unit is on |
# | the **length of the gradient** | 0: nothing can move; not 0, and nothing moves: the rate |
# | the **first steps**: up or down? | up at every step: the sign |
# | the **largest loss** on the way | far above the first one: the rate, wherever the run ends |
# | **one update and the next** | always the same way: is the gradient taken where θ is, is the batch a new one? |
# | **training beside dev** | training falls and dev does not: overfitting, or labels that do not belong |
# | the **batch beside all training data** | far apart: always the same batch |

# %% [markdown]
# ## What to take away
#
# - The loop: gradient at $\theta_s$, update, ask, count; return the **newest** parameters.
# - The start decides in which basin a run ends. Equal units stay equal, zeros stay zeros: begin at random.
# - $\lVert\theta_{s+1} - \theta_s\rVert < \tau$ says that little moves, not that one has arrived: a tiny rate fakes it.
# - Early stopping keeps the best evaluation on the dev set. Patience says how long a bump may be.
# - The steepest direction sets the largest rate. Beyond it each step overshoots more than the last.
# - A training that goes wrong shows it: first loss, gradient, first steps, one update and the next, training beside dev.
#
# Next: lesson 08 takes a part of the data at a time, and makes the step itself better.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `07_descent.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## If you have time: the largest rate by a formula
#
# No points, no hints. A bowl in two dimensions is $\ell(\theta) = \tfrac12\, \theta^\top A\, \theta$, with the gradient
# $A\,\theta$ (the end of lesson 01 had it). So a step multiplies $\theta$ by the matrix $I - \eta A$. From which rate on does gradient descent diverge, for this
# $A$? Find it **by a formula** in $A$, not by trying. (The long bowl above had $A$ with 1 and 10 on the diagonal.)
#
# Then: is there a start from which even a larger rate does not diverge?

# %%
A = np.array([[3.0, 1.0], [1.0, 2.0]])
# BEGIN SOLUTION
largest_rate = 2 / np.linalg.eigvalsh(A).max()
# END SOLUTION


# %%
def grows(rate):
    theta = np.array([1.0, 2.0])
    for _ in range(3000):
        theta = theta - rate * (A @ theta)
        if np.linalg.norm(theta) > 1000:
            return True
    return False


low, high = 0.1, 2.0  # it diverges at high and not at low
for _ in range(30):
    middle = (low + high) / 2
    low, high = (low, middle) if grows(middle) else (middle, high)
ll.compare("largest_rate", largest_rate, low, tolerance=0.005)
