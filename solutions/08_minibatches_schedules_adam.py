# %% [markdown]
# # 08 · Minibatches, schedules, Adam
#
# **Slides:** "Recap: Mini-batch/Stochastic Gradient Descent" and "Learning Rate". **Time:** 80 to 130 minutes.
#
# At the end you can
#
# 1. cut an epoch into **minibatches**, and say when their gradients are right on average,
# 2. say what a larger minibatch buys, and what it costs,
# 3. write two **schedules**, learning rates that fall during training,
# 4. say what **momentum** remembers, and where that helps,
# 5. write a step of **Adam**, and say what its two moments and their correction are for.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Three questions on what this lesson builds on.

# %%
ll.recall("08")

# %% [markdown]
# ## 1 · A part of the data at a time
#
# *Slide "Recap: Mini-batch/Stochastic Gradient Descent"*
#
# The loss of the whole data is a mean over all examples, and so is its gradient. With many examples one step takes long. A
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
difference = np.abs(cloud.mean(axis=0) - full).max()
print("largest difference between the mean and the full gradient:", difference)
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
#   Because of the shuffle, other examples are last in the next epoch, so over many epochs it evens out.
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
ll.compare("number_of_batches", number_of_batches, int(np.ceil(5597 / 32)))

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
# Stuck? Run `ll.hint("minibatches")` in a new cell. There are three hints; each says a little more.

# %% [markdown]
# ## 2 · How large?
#
# *Slide "Recap: Mini-batch/Stochastic Gradient Descent"*
#
# A minibatch's gradient is right on average. A single one is off: that is its **noise**. A larger minibatch has less of it,
# and takes longer.

# %%
ll.predict("08-batch-size")

# %% [markdown]
# Measure both, on this machine. The network of the lecture meets real dictionary definitions. For each size many
# minibatches are drawn. What is kept is how far their gradient by $U$ is from the full one, and how long it took. (A bar
# shows how far the measuring is.) Below: the sizes, and the noise of each.

# %% tags=["nbval-ignore-output"]
measured = ll.measure_batch_sizes(np.random.default_rng(0))
print(measured.sizes)
print(np.round(measured.spreads, 4))

# %% tags=["nbval-ignore-output"]
ll.show_batch_sizes(measured)

# %% [markdown]
# - The first picture: the noise follows $1 / \sqrt{B}$, where $B$ is the size of the minibatch. It falls ever more
#   slowly.
# - The second: if each text cost the same, the time would follow the dashed line. It is far below it: every step has
#   costs that do not depend on the number of texts, and arrays are faster than one text at a time. Look at the largest
#   sizes on your machine: where the curve rises as steeply as the dashed line, twice the texts take twice the time.
#
# So a good size is neither 1 nor all: large enough that a text costs little, and small enough that an epoch has many steps.
# Common sizes are 16 to 256.

# %% [markdown]
# ## 3 · A rate that falls
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
# ### What a schedule does to a run
#
# The data are those of section 1, one example a step, 300 steps. The first picture is the rate, the second how far $w$ and $b$
# are from the best line, the mean of ten runs with other examples. The dashed line is the constant rate $\eta_0$.
#
# - With the constant rate: for which $\eta_0$ is the run near the best line after 20 steps? For which at the end?
# - Choose linear decay and $\eta_0 = 0.1$. Then lower $\eta_0$ to 0.005. When does a falling rate do worse than a constant one?
#
# Besides linear decay, four schedules are in use. **Step decay** is a staircase. **1/t** falls fast at first, and never
# reaches 0. **Exponential decay** you have written. **Cosine with warm-up** rises for some steps, while the gradients are large and point anywhere,
# and then falls like half a wave.

# %% tags=["nbval-ignore-output"]
ll.explore_schedules()

# %% [markdown]
# - With a constant rate of 0.02 or 0.05 the run is soon near the best line, and then wanders: the noise of each step is
#   multiplied by $\eta$. With 0.1 it wanders so far that it is never near.
# - A rate that **falls** has the early long steps and the late short ones.
# - If $\eta_0$ is small already, there is little wandering to save, and the fall ends the run before it has arrived.

# %% [markdown]
# ## 4 · Momentum
#
# *Slide "Learning Rate"*
#
# In lesson 07 a long bowl made trouble. The steep direction sets the largest rate, and in the flat direction each step is
# short. All steps in the flat direction point the same way. Those in the steep direction go back and forth.
#
# **Momentum** makes use of that. It keeps a **velocity** $v$, and each step adds the gradient to it:
#
# $$v \leftarrow \mu\, v + g \qquad \theta \leftarrow \theta - \eta\, v$$
#
# $g$ is the gradient, and $v$ begins at 0. $\mu$, from 0 to below 1, is how much of the velocity is kept; 0.9 is usual. With
# $\mu = 0$ it is plain gradient descent.

# %%
ll.predict("08-velocity")

# %% [markdown]
# ### One line of the formula, one line of code
#
# First a gradient that is always 1, as along a valley.

# %%
v, mu = 0.0, 0.9
velocities = []
for g in [1, 1, 1, 1, 1, 1]:
    v = mu * v + g
    velocities.append(round(v, 3))
velocities

# %% [markdown]
# Now one that changes its sign at each step, as across a valley.

# %%
v = 0.0
velocities = []
for g in [1, -1, 1, -1, 1, -1]:
    v = mu * v + g
    velocities.append(round(v, 3))
velocities

# %% [markdown]
# Gradients that agree add up, to ten times one of them. Gradients that change sign cancel in part: the velocity
# never gets beyond one of them, and in the end goes to and fro between 0.53 and $-0.53$.
#
# ### The same with steps left out
#
# $\mu = 0.5$, and the gradients are 4, 4 and $-4$. The velocity after the first step is 4. What is it after the second, and
# after the third?

# %%
velocity_1 = 0.5 * 0 + 4
# BEGIN SOLUTION
velocity_2 = 0.5 * 4 + 4
velocity_3 = 0.5 * 6 - 4
# END SOLUTION

# %%
ll.compare("velocity_2", velocity_2, 4 * (1 + 0.5))

# %%
ll.compare("velocity_3", velocity_3, 4 * (0.5**2 + 0.5 - 1))

# %% [markdown]
# ### A ball that remembers
#
# The bowl of lesson 07, $\tfrac12 w^2 + 5 u^2$. The two arrows are the parts of the last step: what the gradient says now,
# and what the ball remembers. Both together are the step.
#
# - Walk step by step with $\mu = 0.9$. Where does memory work against the gradient?
# - Which $\mu$ is best with $\eta = 0.02$? And with $\eta = 0.1$?
# - What does the ball do with $\mu = 0.99$?

# %% tags=["nbval-ignore-output"]
ll.explore_momentum()

# %% [markdown]
# - With a small rate, memory makes up for it: in the flat direction the steps become longer.
# - With much memory the ball rolls through the lowest place and up the other side. It has to lose its velocity first.
# - So $\mu$ and $\eta$ belong together: along a valley, momentum is like a rate of $\eta / (1 - \mu)$.

# %% [markdown]
# ## 5 · Adam
#
# *Slide "Learning Rate"*
#
# Momentum has one rate for all parameters. **Adam** gives each parameter a rate of its own. It keeps two running
# averages for each of them: $m$ of its gradients (the **first moment**), $v$ of their squares
# (the **second moment**; the slide says "second-order momentum").
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# $\beta_1$ and $\beta_2$, usually 0.9 and 0.999, are how much of the old average is kept.
#
# Both averages begin at 0, and so are too small at first. The **correction** of step $t$, counted from 1, makes up for
# that. Then the parameter moves:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad
# \theta \leftarrow \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# ($v$ is no velocity here: the literature uses the letter for both.) $g$ is the gradient; squares, roots and divisions are taken entry by entry; $\varepsilon$ keeps the division away from 0.

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
# Now each day was at 20 degrees, and 0.5 of the old average is kept. The weights of the first three days add up to
# $1 - 0.5^3$. What is the average on day 3, before it is corrected?

# %%
# BEGIN SOLUTION
average_on_day_3 = 17.5
# END SOLUTION

# %%
ll.compare("average_on_day_3", average_on_day_3, 0.5 * 20 * (1 + 0.5 + 0.25))

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
# ### The two moments as numbers
#
# One parameter, ten steps. What if the correction were left out?

# %%
ll.predict("08-no-correction")

# %% [markdown]
# Each row is a step: the gradient, both moments, both corrected. The last two columns say how far $\theta$ moves, in units
# of $\eta$.
#
# - Compare "always 1" with "always 0.01". What is the same?
# - Gradients that change sign: what happens to $m$, and what to $v$?
# - Choose $\beta_1 = \beta_2 = 0.9$. Is a step without the correction too long now, or too short?

# %% tags=["nbval-ignore-output"]
ll.explore_moments()

# %% [markdown]
# - The size of the gradients does not matter: $\hat m$ and $\sqrt{\hat v}$ have the same factor. Where they all agree, a
#   step is $\eta$ long.
# - Where they change sign, $\hat m$ is small and $\hat v$ is not. So the steps are short: Adam has momentum in it.
# - With the usual values, a step without the correction is 3 times too long at first and 6 times
#   soon after. $v$ remembers longer than $m$, and so it is further below its true size.

# %% [markdown]
# ## 6 · A race
#
# *Slide "Learning Rate"*
#
# SGD, momentum and Adam on the same surface, from the same start, with **the same minibatches**. The loss is that of a model
# $w\,x_1 + u\,x_2$ on 64 examples, in batches of 16. How large the inputs $x_1$ and $x_2$ are decides how steep the valley is.
#
# Each optimiser has the best rate for the valley, of ten rates from 0.001 to 1: the one with the lowest loss at the end, over
# ten seeds. Otherwise one would compare rates, and not optimisers.

# %%
ll.predict("08-turned")

# %% [markdown]
# Begin in the long valley. Go back to step 0, and press **Play**.
#
# - Who is first after one step? And after 60?
# - Turn the valley. Compare the losses of SGD and of momentum with those before.
# - Who wins in the round valley?

# %% tags=["nbval-ignore-output"]
ll.explore_race()

# %% [markdown]
# The table has all of it in numbers: the mean loss after each of the last ten steps, above the lowest place, over ten seeds.

# %% tags=["nbval-ignore-output"]
ll.race_results()

# %% [markdown]
# - In the **long valley along an axis** Adam wins, with each of the ten seeds: the flat direction is one parameter, and gets a
#   rate of its own.
# - **Turned**, it is the same valley for SGD and for momentum: their losses are the same, up to rounding. Adam loses what it
#   had won. It is now about as good as momentum: each of them is first with some of the seeds.
# - In the **round** valley there is nothing to make up for. Plain SGD wins with each seed: momentum and Adam roll past the
#   lowest place.
#
# No optimiser wins everywhere. Adam is popular since networks have many parameters whose gradients differ in size: the column
# of a rare word in $E$ gets a gradient in few minibatches, the bias in each of them.

# %% [markdown]
# ## What to take away
#
# - A minibatch gradient of a mean loss is right on average. A sum loss scales it by batch / data; a short last batch tilts it.
# - Four times as large a minibatch has half the noise. A text costs less in a larger one, up to some size.
# - A schedule begins with long steps and ends with short ones.
# - Momentum adds up the gradients that agree, and cancels those that change sign.
# - Adam divides an average of the gradients by the root of an average of their squares. Its correction undoes the start at 0.
# - No optimiser wins everywhere.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `08_minibatches_schedules_adam.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## If you have time: a fair last batch
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
