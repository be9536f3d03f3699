# %% [markdown]
# # 08 · Minibatches, schedules, Adam
#
# **Slides:** "Minibatch Stochastic Gradient Descent" and "Learning Rate". **Time:** 60 to 100 minutes.
#
# At the end you can
#
# 1. cut an epoch into **minibatches**, and say when their gradients are right on average,
# 2. write two **schedules**, learning rates that fall during training,
# 3. write a step of **Adam**, and say what its two moments and their correction are for.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Two questions on what this lesson builds on.

# %%
ll.recall("08")

# %% [markdown]
# ## 1 · A part of the data at a time
#
# *Slide "Minibatch Stochastic Gradient Descent"*
#
# The loss of the whole data is a mean over all examples, and so is its gradient. With many examples one step is dear. A
# **minibatch** is a small part of the data, drawn at random. Its gradient is cheap, and not quite the full one.

# %%
ll.predict("08-unbiased")

# %% [markdown]
# With six examples one need not believe it. Here is a line $w x + b$ with the squared error, and **all** minibatches of two.
# A row is the gradient by $w$ and by $b$.

# %%
from itertools import combinations

x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
y = np.array([1.0, -1.0, 0.5, 2.0, 1.0, 4.0])
w, b = 0.5, 0.0


def mean_gradient(indices):
    error = w * x[indices] + b - y[indices]
    return np.array([np.mean(2 * error * x[indices]), np.mean(2 * error)])


full = mean_gradient(np.arange(6))
batches_of_two = [np.array(pair) for pair in combinations(range(6), 2)]
cloud = np.array([mean_gradient(pair) for pair in batches_of_two])
print("full gradient:", full.round(4))
print(len(cloud), "minibatches; the gradients of the first three:")
print(cloud[:3])

# %% [markdown]
# In the explorer each minibatch is an arrow, from 0 to its gradient. Go through them one by one, or press **Play**.
#
# - How far from the full gradient is the worst single batch?
# - Where is the mean after five batches? Where is it after all fifteen?

# %%
ll.explore_batches(x, y, w, b)

# %% [markdown]
# A single gradient may be far off, and may even point the other way in $w$. The mean of all is the full gradient:

# %%
print("largest difference between the mean and the full gradient:", np.abs(cloud.mean(axis=0) - full).max())
print("below 1e-15:", np.allclose(cloud.mean(axis=0), full, rtol=0, atol=1e-15))

# %% [markdown]
# One says that the minibatch gradient is **unbiased**. This holds for a *mean* loss, if every example is in a batch as often as
# every other. Two things break it. Choose each of them in the explorer above:
#
# - **Sum loss.** The recap writes the loss as a sum. Then a batch of two has the sum of two examples, and the full gradient
#   has the sum of six. The mean of all batches is $\tfrac26$ of the full gradient, batch / data. The direction is right, so a
#   larger rate makes up for it.
# - **A short last batch.** An epoch of six examples in batches of four is a batch of 4 and one of 2. In the mean of the two
#   gradients, an example of the last batch counts $\tfrac14$, one of the first only $\tfrac18$. The mean of a single epoch is off.
#   The shuffle makes that other examples are last in the next epoch, so over many epochs it evens out.
#
# The same in numbers; the short batch is shown with the first five examples:

# %%
print("sum loss, mean of all batches / full:", ((2 * cloud).mean(axis=0) / (6 * full)).round(6))

five = [np.array([0, 1]), np.array([2, 3]), np.array([4])]
print("batches of 2, 2 and 1:", np.mean([mean_gradient(part) for part in five], axis=0).round(4))
print("all five:             ", mean_gradient(np.arange(5)).round(4))

# %% [markdown]
# ### A worked example: pages
#
# A text of words is cut into pages of a fixed number of words. The last page may be short.


# %%
def pages(words, length):
    cut = []
    place = 0
    while place < len(words):
        cut.append(words[place : place + length])
        place = place + length
    return cut


pages(["a", "duck", "is", "no", "goose"], 2)

# %% [markdown]
# ### The same with steps left out
#
# How many minibatches are there in an epoch of 5,597 texts, 32 in each? How many texts are in the last one?

# %%
# BEGIN SOLUTION
number_of_batches = 175
in_the_last = 29
# END SOLUTION

# %%
ll.compare("number_of_batches", number_of_batches, np.ceil(5597 / 32))

# %%
ll.compare("in_the_last", in_the_last, 5597 % 32)

# %% [markdown]
# ### Exercise `minibatches` ({points})
#
# Return a list of index arrays that make up **one epoch**: each of the indices 0 to `n` − 1 comes exactly once, in random
# order, `batch_size` in each array. The last one may be short. `rng` is a random generator; ask it **once** for
# `rng.permutation(n)`, so that the same seed gives the same batches.


# %% exercise="minibatches"
def minibatches(n, batch_size, rng):
    """Return the minibatches of one epoch, a list of arrays of indices."""
    # BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]
    # END SOLUTION


# %%
ll.check("minibatches", minibatches)

# %% [markdown]
# Stuck? Run `ll.hint("minibatches")` in a new cell. There are three hints, each says a little more.

# %% [markdown]
# ## 2 · A rate that falls
#
# *Slide "Learning Rate"*
#
# Minibatch gradients are noisy. With a fixed rate the parameters end up wandering about the lowest place. A large rate gets
# there fast and wanders far, a small one is slow and stays near. A **schedule** has both: the rate $\eta_s$ depends on the step
# $s$.
#
# - **linear decay** falls in a straight line from $\eta_0$ at step 0 to 0 at step $S$, and stays 0,
# - **exponential decay** is multiplied by the same factor at every step.

# %% [markdown]
# ### A worked example: a candle
#
# A candle of 20 cm loses 3 cm an hour, until nothing is left.


# %%
def candle(hours):
    return max(0, 20 - 3 * hours)


[candle(hours) for hours in (0, 1, 6, 7, 8)]

# %% [markdown]
# ### The same with steps left out
#
# A rate begins at 0.4 and is halved at every step. What is it after three steps?

# %%
# BEGIN SOLUTION
after_three = 0.05
# END SOLUTION

# %%
ll.compare("after_three", after_three, 0.4 / 2 / 2 / 2)

# %% [markdown]
# ### Exercise `schedules` ({points})
#
# Write both. `step` is counted from 0; `rate` is the factor of exponential decay.


# %% exercise="schedules" defines=["linear_decay", "exponential_decay"]
def linear_decay(eta0, step, total_steps):
    """Return the learning rate of this step: eta0 at step 0, 0 from total_steps on."""
    # BEGIN SOLUTION
    return eta0 * max(0.0, 1 - step / total_steps)
    # END SOLUTION


def exponential_decay(eta0, step, rate):
    """Return the learning rate of this step: eta0 at step 0, times rate at every step."""
    # BEGIN SOLUTION
    return eta0 * rate**step
    # END SOLUTION


# %%
ll.check("schedules", linear_decay, exponential_decay)

# %% [markdown]
# What does a schedule do to a run? The data are those of section 1, one example a step, 300 steps, ten times with other random
# batches. The numbers are the mean distance from the best line, at the end.


# %%
def distance_at_the_end(rate_of_step, seed):
    rng = np.random.default_rng(seed)
    best = np.polyfit(x, y, 1)
    theta = np.zeros(2)
    for step in range(300):
        i = rng.integers(6)
        error = theta[0] * x[i] + theta[1] - y[i]
        theta = theta - rate_of_step(step) * 2 * error * np.array([x[i], 1.0])
    return np.linalg.norm(theta - best)


for name, rate_of_step in {
    "constant 0.05    ": lambda step: 0.05,
    "constant 0.001   ": lambda step: 0.001,
    "linear decay     ": lambda step: ll.linear_decay(0.05, step, 300),
    "exponential decay": lambda step: ll.exponential_decay(0.05, step, 0.99),
}.items():
    print(name, round(np.mean([distance_at_the_end(rate_of_step, seed) for seed in range(10)]), 3))

# %% [markdown]
# ## 3 · Adam
#
# *Slide "Learning Rate"*
#
# In lesson 07 the steepest direction of a bowl set the rate, and the flattest one was slow. **Adam** gives each parameter a
# rate of its own. It keeps two running averages for each of them: $m$ of its gradients (the **first moment**), $v$ of their squares
# (the **second moment**; the slide says "second-order momentum").
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# Both begin at 0, and so are too small at first. Step $t$, counted from 1, makes up for that, and then moves:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
# \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# $g$ is the gradient; squares, roots and divisions are taken entry by entry; $\varepsilon$ keeps the division away from 0.

# %%
ll.predict("08-first-step")

# %% [markdown]
# ### A worked example: an average that forgets
#
# The temperature was 10 degrees on each of five days. An average that begins at 0 is too low at first. Dividing by the sum of the
# weights that it has given so far puts it right.


# %%
def averages(temperatures, keep=0.8):
    average, weights = 0.0, 0.0
    for temperature in temperatures:
        average = keep * average + (1 - keep) * temperature
        weights = keep * weights + (1 - keep)
        print(f"average {average:6.3f}   weights {weights:6.4f}   corrected {average / weights:6.3f}")


averages([10.0] * 5)

# %% [markdown]
# ### The same with steps left out
#
# The weights of the first three days add up to $1 - 0.8^3$. What is the average on day 3, before it is corrected?

# %%
# BEGIN SOLUTION
average_on_day_3 = 4.88
# END SOLUTION

# %%
ll.compare("average_on_day_3", average_on_day_3, 0.2 * 10 * (1 + 0.8 + 0.64))

# %% [markdown]
# ### Exercise `adam_step` ({points})
#
# Return the new `theta`, `m` and `v`. The arrays that are handed in must be the same afterwards as before.


# %% exercise="adam_step"
def adam_step(theta, gradient, m, v, t, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Return theta, m and v after step t, three arrays of theta's shape."""
    # BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = theta - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return theta, m, v
    # END SOLUTION


# %%
ll.check("adam_step", adam_step)

# %% [markdown]
# ### Two valleys
#
# SGD, momentum and Adam on the same two bowls $\tfrac12 (a\, w^2 + b\, u^2)$, from $w = u = 1$, 100 steps. Each has the best of
# the same rates on that bowl. The numbers are the loss at the end.


# %%
def final_loss(make, rate, curvatures):
    optimiser = make(rate)
    theta = np.ones(2)
    state = optimiser.init(theta)
    for _ in range(100):
        theta, state = optimiser.update(theta, curvatures * theta, state)
    return 0.5 * np.sum(curvatures * theta**2)


rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
for name, curvatures in {"long, 1 : 1000": [0.1, 100.0], "round, 1 : 1  ": [1.0, 1.0]}.items():
    for make in (ll.sgd, ll.momentum, ll.adam):
        with np.errstate(all="ignore"):
            losses = [final_loss(make, rate, np.array(curvatures)) for rate in rates]
        best = np.nanargmin(losses)
        print(f"{name}  {make.__name__:8}  rate {rates[best]:<6g} loss {losses[best]:.1e}")

# %% [markdown]
# In the long valley a rate for each parameter wins. In the round one there is nothing to make up for: with the right rate,
# plain gradient descent is at the bottom at once, and Adam is not.

# %% [markdown]
# ## What to take away
#
# - A minibatch gradient of a mean loss is right on average. A sum loss scales it by batch / data; a short last batch tilts it.
# - A schedule begins with long steps and ends with short ones.
# - Adam divides an average of the gradients by the root of an average of their squares. Its correction undoes the start at 0.
# - No optimiser wins everywhere.

# %% [markdown]
# ## Hand in
#
# Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). Choose **Kernel → Restart Kernel and Run All Cells** once, to
# see that it runs from top to bottom. What you hand in is this file, `08_minibatches_schedules_adam.ipynb`, with your answers
# in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## For the quick: a fair last batch
#
# No points, no hints. An epoch of five examples has the batches 2, 2 and 1. With which three **weights**, in place of
# 1/3 each, is the mean of the three gradients the gradient of all five?

# %%
parts = np.array([mean_gradient(part) for part in five])
# BEGIN SOLUTION
weights = np.array([2, 2, 1]) / 5
fair_mean = weights @ parts
# END SOLUTION

# %%
ll.compare("fair_mean", fair_mean, mean_gradient(np.arange(5)))
