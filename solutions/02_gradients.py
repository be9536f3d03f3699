# %% [markdown]
# # 02 · Gradients
#
# **Slides:** "Reminder: Gradient" to "Reminder: Computing the gradient". **Time:** 70 to 110 minutes. A good place
# for a break is after section 4.
#
# At the end you can
#
# 1. say what a **derivative**, a **partial derivative** and a **gradient** tell about a loss,
# 2. measure the gradient of any function, and choose the step with reason,
# 3. compute **softmax** for scores of any size,
# 4. derive the gradient of a layer $\mathrm{softmax}(W x + b)$ and check it with your own measurement.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Three questions on lessons 00 and 01.

# %%
ll.recall("02")

# %% [markdown]
# ## 1 · One number
#
# *Slide "Reminder: Gradient"*
#
# The loss of lesson 01 depends on parameters. Let there be one for now, $\theta$. If $\theta$ grows a little, by how much
# does the loss change, for each unit of the change? That number is the **slope** at $\theta$, or the **derivative**
# $\dfrac{d\ell}{d\theta}$.
#
# A slope needs two points. The line through two points of a curve is a **secant**. Move the second point towards the
# first, and the secant becomes the **tangent**, the line that has the curve's own direction there.
#
# Before you see it:

# %%
ll.predict("02-both-sides")

# %% [markdown]
# Move the step $h$ to the right end of its slider. What does the orange line do in the first picture, and the orange
# square in the second? Then let the step go to both sides, and begin with a large $h$ again.

# %%
ll.explore_secants()

# %% [markdown]
# With a step to **one side** the error shrinks as $h$ does: half the step, about half the error. With a step to
# **both sides** the two errors nearly cancel: half the step, a quarter of the error.
#
# $$\text{one side: } \frac{f(\theta + h) - f(\theta)}{h} \qquad
# \text{both sides: } \frac{f(\theta + h) - f(\theta - h)}{2h}$$
#
# The two points of the second formula are $2h$ apart.

# %% [markdown]
# ## 2 · Two numbers
#
# *Slide "Generalising to 2 dimensions"*
#
# A neuron has a weight $w$ and a bias $b$, and predicts $w x + b$. Here it has three examples to fit. Its loss is the mean
# squared error. (With a squared error the picture is simpler than with a logarithm. What you see holds for both.)


# %%
def neuron_loss(w, b):
    examples = [(-1.0, -0.2), (0.5, 0.25), (2.0, 1.3)]  # x and y of each
    return sum((y - (w * x + b)) ** 2 for x, y in examples) / 3


print("at w = 0.5, b = 0.2:    ", round(neuron_loss(0.5, 0.2), 4))
print("at w = -0.5, b = -0.25: ", round(neuron_loss(-0.5, -0.25), 4))

# %% [markdown]
# Now there are two slopes: move $w$ and hold $b$, or move $b$ and hold $w$. They are called **partial derivatives**, and
# written with a curly d:
#
# | we write | read it aloud as | it says |
# |---|---|---|
# | $\dfrac{\partial \ell}{\partial w}$ | "partial ell by w" | how fast the loss changes when $w$ alone moves |
# | $\dfrac{\partial \ell}{\partial b}$ | "partial ell by b" | how fast the loss changes when $b$ alone moves |
# | $\nabla \ell = \left[\dfrac{\partial \ell}{\partial w}, \dfrac{\partial \ell}{\partial b}\right]$ | "the gradient of ell", or "nabla ell" | both together, as one arrow |
#
# (The slides write $\delta$ for $\partial$.)

# %%
ll.predict("02-contour")

# %% [markdown]
# The first picture shows the loss from above, like a hiking map: along a thin line, a **contour line**, the loss is the
# same. The thin blue arrows are the slide's: the gradient at some places. The second picture is a cut through the
# landscape, in the direction that you choose.
#
# - Look at $w$ alone, then $b$ alone: the two slopes are the two orange arrows. The blue arrow is made of both.
# - Look along the gradient: is any direction steeper? Look along the contour line: what is the slope?
# - Go to $w = 0.5$, $b = 0.25$. What is left of the arrows near the lowest place?

# %%
ll.explore_neuron_loss()

# %% [markdown]
# The gradient points to where the loss grows fastest, and it is the longer the steeper it is there. It stands at a right
# angle to the contour line. So **minus** the gradient is the steepest way down.

# %% [markdown]
# ## 3 · Many numbers
#
# *Slide "Generalising to more dimensions"*
#
# A layer has a table of weights. Nothing new is needed: move **one** weight, hold all others, and note how the loss changes.
# Then take the next one. The partial derivatives, each written at its weight's place, are the gradient: it has **the shape
# of the parameters**.
#
# This layer has two outputs and three inputs, $x = [1, 0, 2]$, and the loss is the negative log-likelihood. Step through
# it. One column turns out to be 0: do you see why before it is there?

# %%
ll.explore_partials()

# %% [markdown]
# ### A worked example: the slope along one of two numbers
#
# The formula for both sides, one line for each of its parts. Only $w$ moves.


# %%
def slope_for_w(f, w, b, h=1e-5):
    above = f(w + h, b)
    below = f(w - h, b)
    return (above - below) / (2 * h)


round(slope_for_w(neuron_loss, -0.5, -0.25), 6)

# %% [markdown]
# ### The same with steps left out
#
# Now $b$ moves and $w$ stays, at the same place. The first line is there. The step is large this time: with a squared
# error the slope to both sides is right for any $h$, the slope to one side is not.

# %%
w, b, h = -0.5, -0.25, 0.1

above = neuron_loss(w, b + h)
# BEGIN SOLUTION
below = neuron_loss(w, b - h)
slope_for_b = (above - below) / (2 * h)
# END SOLUTION

# %%
ll.compare("slope_for_b", slope_for_b, slope_for_w(lambda b, w: neuron_loss(w, b), b, w))

# %% [markdown]
# ### Two things about arrays
#
# `np.ndindex` gives every place of an array, whatever its shape. A place can stand between square brackets. (Of a single
# number, an array of shape `()`, it gives the one place that there is: `()`.)

# %%
table = np.array([[10, 20, 30], [40, 50, 60]])
for place in np.ndindex(table.shape):
    print(place, table[place])

# %% [markdown]
# An array of whole numbers stays one. What is put into it is cut off:

# %%
table[0, 0] = 10.75
table

# %% [markdown]
# ### Exercise `numeric_gradient` ({points})
#
# Write a function that measures the gradient of **any** function `f` at `theta`. `f` takes an array of `theta`'s shape and
# gives a number. Return an array of `theta`'s shape: for each coordinate
#
# $$\frac{f(\theta + h) - f(\theta - h)}{2h}$$
#
# where that coordinate alone is moved. `theta` may have any shape, and may hold whole numbers. After the call it must be
# exactly what it was.


# %% exercise="numeric_gradient"
def numeric_gradient(f, theta, h=1e-5):
    """Return the gradient of f at theta, an array of theta's shape."""
    # BEGIN SOLUTION
    moved = np.array(theta, dtype=float)
    gradient = np.zeros(moved.shape)
    for place in np.ndindex(moved.shape):
        before = moved[place]
        moved[place] = before + h
        above = f(moved)
        moved[place] = before - h
        below = f(moved)
        moved[place] = before
        gradient[place] = (above - below) / (2 * h)
    return gradient
    # END SOLUTION


# %%
ll.check("numeric_gradient", numeric_gradient)

# %% [markdown]
# Stuck? Run `ll.hint("numeric_gradient")` in a new cell. There are three hints; each says a little more.

# %% [markdown]
# ## 4 · Your own V
#
# How small should $h$ be? Commit first.

# %%
ll.predict("02-tiny-step")

# %% [markdown]
# Here is **your** function, at a place where the true gradient is known: its error for every $h$ from $10^{-15}$ to 1. Both
# axes go in powers of ten. Beside it, a function that steps to one side and one that steps to both.

# %%
ll.error_by_step(numeric_gradient)

# %% [markdown]
# Each curve is a V, because two errors meet:
#
# - **On the right, truncation.** The curve bends between the two points. One side: the error falls with $h$. Both sides: it
#   falls with $h^2$, so that branch is twice as steep.
# - **On the left, rounding.** The computer keeps about 16 digits. $f(\theta + h)$ and $f(\theta - h)$ are off by some
#   $10^{-16}$, and this is divided by $2h$: the smaller $h$, the larger the error. This branch jumps about, since rounding
#   goes up or down as it happens.
#
# The best $h$ is where they meet: near $10^{-8}$ for one side, between $10^{-6}$ and $10^{-5}$ for both. That is why `h=1e-5`
# stands in the exercise.
#
# *If your diamonds lie on the orange line, or on neither, the check above knows more.*

# %% [markdown]
# ## 5 · Softmax
#
# *Slide "Reminder: Computing the gradient"*
#
# The layer that comes next turns **scores** $z$ into probabilities. Softmax does that in two steps: make every score
# positive with $\exp$, then divide by the sum. (A network with two layers needs two letters: in lesson 05, $z$ belongs to
# the hidden layer, and the scores are called $o$.)
#
# $$p_i = \frac{\exp(z_i)}{\sum_k \exp(z_k)}$$

# %%
ll.predict("02-shift")

# %% [markdown]
# The scores are 1, 2 and 3. Multiply them, and add something to all of them. Find out
#
# - what multiplying by 5 or 10 does to the probabilities, and multiplying by 0,
# - what adding 100 does,
# - when softmax gives no probabilities at all, on both sides.

# %%
ll.explore_scores()

# %% [markdown]
# On paper softmax has an answer for all scores. The computer has none when $\exp(z)$ is too large for it, or when all are
# so small that only zeros are left. Large scores do occur: a layer that has trained for long makes them.

# %% [markdown]
# ### A worked example: shares of powers of two
#
# A relative of softmax, with $2^z$ for $\exp(z)$.


# %%
def shares_of_two(z):
    powers = 2.0**z
    return powers / powers.sum()


shares_of_two(np.array([1.0, 2.0, 3.0]))

# %% [markdown]
# ### The same with steps left out
#
# Now powers of ten. The shares are missing.

# %%
z = np.array([0.0, 1.0, -1.0])
powers = 10.0**z
# BEGIN SOLUTION
shares = powers / powers.sum()
# END SOLUTION

# %%
ll.compare("shares", shares, np.array([10, 100, 1]) / 111)

# %% [markdown]
# ### Exercise `softmax` ({points})
#
# Write softmax for a vector of scores. One point is for scores of ordinary size, one for large ones: `softmax` of
# $[1000, 1001]$ has to be what it is on paper. Use what you found in the explorer.


# %% exercise="softmax"
def softmax(z):
    """Return p_i = exp(z_i) / Σ exp(z_k), of z's shape, for scores of any size."""
    # BEGIN SOLUTION
    exponentials = np.exp(z - z.max())
    return exponentials / exponentials.sum()
    # END SOLUTION


# %%
ll.check("softmax", softmax)

# %% [markdown]
# ## 6 · The gradient of a layer
#
# *Slide "Reminder: Computing the gradient"*
#
# $$p = \mathrm{softmax}(W x + b) \qquad \ell = -\sum_i y_i \log p_i$$
#
# (Our $p$ is the slide's $\hat y$. The slide prints vectors in bold.) You could measure the gradient for $W$ now: two evaluations for every weight. A
# formula costs one. The slide states it. Here is where it comes from, in four small steps. Two facts are used:
# $\log s$ has the derivative $1/s$, and $\exp$ is its own derivative.

# %% [markdown]
# **Step 1: the loss by the scores.** Let $c$ be the true class, so $\ell = -\log p_c$. The scores are $z = W x + b$. The
# logarithm of a fraction is a difference, and $\log \exp(z_c) = z_c$:
#
# $$\ell = -\log \frac{\exp(z_c)}{\sum_k \exp(z_k)} = -z_c + \log \sum_k \exp(z_k)$$
#
# **Step 2: move one score.** The first term, $-z_c$, changes only if $i$ is the true class: its derivative is $-1$ there and 0
# elsewhere, which is $-y_i$. The second is a logarithm of a sum $s$; its derivative is $1/s$ times that of the sum:
#
# $$\frac{\partial}{\partial z_i} \log \sum_k \exp(z_k) = \frac{1}{\sum_k \exp(z_k)} \cdot \exp(z_i) = p_i$$
#
# Together: $\dfrac{\partial \ell}{\partial z_i} = p_i - y_i = -(y_i - p_i)$. That is the slide's bracket.

# %% [markdown]
# Do the numbers agree? Measured, and by the formula:

# %%
scores = np.array([1.0, 2.0, 3.0])  # z
right_class = np.array([0.0, 1.0, 0.0])  # y


def loss_of_scores(z):
    return -z[1] + np.log(np.exp(z).sum())


print("measured:  ", ll.numeric_gradient(loss_of_scores, scores).round(6))
print("p − y:     ", (ll.softmax(scores) - right_class).round(6))

# %% [markdown]
# The true class gets a negative number: a larger score there lowers the loss. The others get positive ones. They add up to 0.
#
# **Step 3: move one weight.** $z_i = W_{i1} x_1 + W_{i2} x_2 + \dots + b_i$. The weight $W_{ij}$ is in $z_i$ and in no other
# score, and it is multiplied by $x_j$. The bias is multiplied by nothing:
#
# $$\frac{\partial z_i}{\partial W_{ij}} = x_j \qquad \frac{\partial z_i}{\partial b_i} = 1$$
#
# **Step 4: one after the other.** Move $W_{ij}$ by a little: $z_i$ moves $x_j$ times as much, and the loss moves
# $-(y_i - p_i)$ times as much as $z_i$. So the two are multiplied:
#
# $$\frac{\partial \ell}{\partial W_{ij}} = -(y_i - p_i)\, x_j$$
#
# For all weights at once: $\dfrac{\partial \ell}{\partial W} = -(y - p)\, x^\top$. A column times a row
# is a **table** of all products:

# %% [markdown]
# | | $x_1 = 10$ | $x_2 = 20$ | $x_3 = 30$ |
# |---|---|---|---|
# | **first entry 1** | 10 | 20 | 30 |
# | **second entry −2** | −20 | −40 | −60 |
#
# A row for each entry of the column, a column for each entry of the row.

# %%
ll.predict("02-zero-input")

# %% [markdown]
# ### A worked example: a layer with one output
#
# With two classes one score is enough: $p = \sigma(z) = 1 / (1 + e^{-z})$ is the probability of the first class, and $y$ is 1
# or 0. The loss is $-\log p$ if $y = 1$ and $-\log (1 - p)$ if $y = 0$. The same steps lead to the same bracket: $\partial\ell/\partial z =
# p - y$, one number. There is one row of weights, so $w$ is a vector.


# %%
def neuron_gradient(w, b, x, y):
    z = w @ x + b
    p = 1 / (1 + np.exp(-z))
    d_z = p - y
    d_w = d_z * x
    d_b = d_z
    return d_w, d_b


d_w, d_b = neuron_gradient(np.array([0.5, -1.0]), 0.2, np.array([2.0, 1.0]), 1)
print("d_w =", d_w.round(4), "  d_b =", d_b.round(4))

# %% [markdown]
# ### The same with steps left out
#
# Another input, and now $y = 0$. Two lines are missing.

# %%
w, b, x, y = np.array([1.0, 0.5]), -0.5, np.array([1.0, -3.0]), 0

z = w @ x + b
p = 1 / (1 + np.exp(-z))
# BEGIN SOLUTION
d_z = p - y
d_w = d_z * x
# END SOLUTION


# %%
def loss_of_w(w):
    return -np.log(1 - 1 / (1 + np.exp(-(w @ x + b))))  # y = 0


ll.compare("d_w", d_w, ll.numeric_gradient(loss_of_w, w))

# %% [markdown]
# ### Exercise `softmax_layer_gradient` ({points})
#
# Now the layer with several outputs. Return $\partial\ell/\partial W$ and $\partial\ell/\partial b$, in this order. `W` has a
# row for each class and a column for each input, `y` is one-hot. You may use your own `softmax`, or the library's,
# `ll.softmax`.


# %% exercise="softmax_layer_gradient"
def softmax_layer_gradient(W, b, x, y):
    """Return (d_W, d_b), of the shapes of W and b, for the loss −Σ y log softmax(W x + b)."""
    # BEGIN SOLUTION
    p = ll.softmax(W @ x + b)
    d_z = p - y
    d_W = np.outer(d_z, x)
    d_b = d_z
    return d_W, d_b
    # END SOLUTION


# %%
ll.check("softmax_layer_gradient", softmax_layer_gradient)

# %% [markdown]
# ### Your own map
#
# Your `d_W` for a small layer, entry by entry, beside what your own `numeric_gradient` measures. An entry that differs has a
# cross and a frame. Try what a mistake looks like: turn the sign around, or exchange rows and columns, run the exercise's cell,
# then this one.

# %%
ll.gradient_map(softmax_layer_gradient, numeric_gradient)

# %% [markdown]
# A formula and a measurement that agree in every entry: this is how gradients are tested everywhere, and how you will test
# yours from now on. They are unlikely to be wrong in the same way.

# %% [markdown]
# ## What to take away
#
# - The derivative is the slope of the tangent: how much the loss changes for each unit of the parameter.
# - A **partial** derivative moves one parameter and holds the others. All of them together are the **gradient**, of the
#   parameters' shape.
# - The gradient points to where the loss grows fastest, at a right angle to the contour line.
# - Measure with a step to both sides. With too large a step the curve bends, with too small a one the computer rounds: the
#   error over $h$ is a V.
# - Softmax looks at differences between scores only. $\exp$ of a large score is too large for a computer.
# - For $\mathrm{softmax}(W x + b)$ the gradient is $-(y - p)\, x^\top$ for $W$ and $-(y - p)$ for $b$.
#
# Next: lesson 03 finds gradients by walking back through a graph, for networks with more than one layer.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `02_gradients.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## If you have time: a Jacobian
#
# No points, no hints. $\log \mathrm{softmax}(z)$ has as many entries as $z$. Each entry has a derivative for each score, so all
# of them make a table, the **Jacobian** $J_{ij} = \dfrac{\partial \log p_i}{\partial z_j}$. Find it by a formula in $p$, for the
# three scores below.
#
# Then: multiply it by $-y$ from the left, `-y @ jacobian`, with the `y` of the cell below. Which line of section 6 is
# that, and why?

# %%
z = np.array([1.0, 2.0, 3.0])
y = np.array([0.0, 1.0, 0.0])  # the second class is the true one
p = ll.softmax(z)
# BEGIN SOLUTION
jacobian = np.eye(3) - p
# END SOLUTION

# %%
measured = [ll.numeric_gradient(lambda z, i=i: np.log(ll.softmax(z)[i]), z) for i in range(3)]
ll.compare("jacobian", jacobian, np.array(measured))
