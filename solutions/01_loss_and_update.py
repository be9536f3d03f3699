# %% [markdown]
# # 01 · Loss and update
#
# **Slides:** "Forward and Backward Pass" to "Learning Rate". **Time:** 50 to 75 minutes.
#
# At the end you can
#
# 1. say what the **forward pass** and the **backward pass** are for,
# 2. compute the **negative log-likelihood** of one text and of a data set, and say why there is a logarithm in it,
# 3. tell from the **first loss** of a new network whether something is wrong,
# 4. take a **step of gradient descent**, and see from the loss whether the step was too large.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Three questions on what this lesson builds on. Choose an answer, then commit to it: you will see why each option is
# right or tempting.

# %%
ll.recall("01")

# %% [markdown]
# ## 1 · Two passes
#
# *Slide "Forward and Backward Pass"*
#
# A model takes a text $x$ and gives a probability to each class. What it gives depends on its **parameters** $\theta$:
# numbers that training may change. Training repeats two passes.
#
# - **Forward:** from the text to the probabilities, with the parameters as they are now. $\;p = f_{\text{forward}}(x,
#   \theta)$
# - **Backward:** from the **loss**, which says how bad these probabilities are, back to the parameters. What comes out
#   is, for each parameter, how much the loss changes when it changes: the **gradient**.
#
# The forward pass says what the model believes. The backward pass says what to change.

# %% [markdown]
# The slide writes the backward pass as a function that returns the *updated* parameters $\theta_{s+1}$. It helps to see
# two parts in it: **backpropagation** finds the gradient, and the **optimiser** takes a step with it. This lesson is
# about both ends: the loss that the way back begins with, and the step that it ends with. Lessons 02 and 03 are about
# the way between.

# %% [markdown]
# ## 2 · The truth as a vector
#
# *Slide "Recap: Loss function"*
#
# Three short texts with the word *duck*, and three classes: it is a **bird**, or **food**, or a score of zero in
# **cricket**. A model has read them. Each row of `P` holds its probabilities for one text.

# %%
classes = ["bird", "food", "cricket"]
texts = ["a duck swims on the pond", "roast duck with plums", "he was out for a duck"]
P = np.array([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.5, 0.3, 0.2]])

print(" " * 26, *classes)
for text, p in zip(texts, P, strict=True):
    print(f"{text:<26}", p)

# %% [markdown]
# The true class of a text is written as a **one-hot** vector $y$: 1 at the true class, 0 at the others. It has one entry
# for each class, as $p$ has, so the two can be multiplied entry by entry. What is left is the probability of the truth.

# %%
Y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

Y * P

# %% [markdown]
# The model is right about the first two texts. In the third it takes the duck for a bird, and gives the truth 0.2 only.

# %% [markdown]
# ## 3 · Why a logarithm
#
# How good is the model on the whole data set? A natural answer is the **likelihood**: how probable it finds *all* true
# classes together. For texts that have nothing to do with each other, that is a product. Here it is
#
# $$0.7 \cdot 0.6 \cdot 0.2 = 0.084$$
#
# The better the model, the larger this number. So choose the parameters that make it as large as possible. On paper
# that is all. On a computer it is not:

# %%
ll.predict("01-product")

# %%
rng = np.random.default_rng(1)
p_true = rng.uniform(0.02, 0.4, size=500)  # what a model gave the true classes of 500 texts

for n in (1, 10, 100, 200, 300, 400, 500):
    product, sum_of_logs = p_true[:n].prod(), np.log(p_true[:n]).sum()
    print(f"{n:>3} texts:  product {product:<9.3g}  sum of the logarithms {sum_of_logs:8.2f}")

# %% [markdown]
# A float cannot hold a number below about $5 \cdot 10^{-324}$: it becomes 0. This is called **underflow**, and no error
# message tells of it. After a few hundred texts the product is 0, and for a somewhat better model it is 0 as well. So it
# can no longer tell the two apart.
#
# The logarithm of a product is the **sum** of the logarithms. The sum holds the same information, and stays a number
# that one can work with, even for millions of texts.

# %% [markdown]
# Nothing is lost by it: $\log$ grows whenever its argument grows, so the parameters that make the likelihood largest are
# those that make its logarithm largest. Two more gains:
#
# - The gradient of a sum is the sum of the gradients: each text can be worked out alone. (Lesson 08 builds on that.)
# - $\log$ is negative for probabilities below 1. With a **minus** in front it becomes something that is never below 0,
#   and that one wants **small**: a loss.
#
# "Make the likelihood large" and "make the negative log-likelihood small" are the same task. That is what the slide's
# $\arg\min$ says.

# %% [markdown]
# ## 4 · The loss of one text
#
# The **negative log-likelihood** (NLL) of one text is
#
# $$\ell = -\sum_i y_i \log p_i$$
#
# $\log$ is the natural logarithm, to base $e$; on a pocket calculator, $\ln$. All $y_i$ but one are 0. So one term is
# left: minus the logarithm of the probability of the **true** class.

# %%
for probability in (1.0, 0.9, 0.7, 0.5, 0.3, 0.1, 0.01):
    loss = -np.log(probability) + 0  # + 0 makes 0 of a −0
    print(f"the truth is given {probability:<4}   loss {loss:.3f}")

# %% [markdown]
# Certain and right costs nothing. Certain and wrong costs without limit. And between?

# %%
ll.predict("01-halved")

# %%
for high, low in ((0.8, 0.4), (0.02, 0.01)):
    print(f"from {high} to {low}: the loss grows by {np.log(high) - np.log(low):.4f}")

# %% [markdown]
# ### A worked example: another loss
#
# There are other ways to say how far $p$ is from $y$. One is the **squared error**, $\sum_i (y_i - p_i)^2$. Here it is
# for the third text. The function works on all classes at once: first entry by entry, then the sum.


# %%
def squared_error(p, y):
    difference = y - p  # an entry for each class
    squares = difference**2  # again entry by entry
    return squares.sum()  # one number


print("difference   ", Y[2] - P[2])
print("squares      ", ((Y[2] - P[2]) ** 2).round(2))
print("squared error", squared_error(P[2], Y[2]).round(2))

# %% [markdown]
# The squared error is never above 2. Someone who is certain and wrong pays 2, someone who is nearly certain pays nearly
# 2. The NLL asks for more: it tells 0.01 from 0.0001.

# %% [markdown]
# ### The same with steps left out
#
# Back to the NLL. The loss of the first text is $-\log 0.7 = 0.357$. Fill in the losses of the other two, with
# `np.log` or a pocket calculator. Three decimals are enough.

# %%
loss_1 = 0.357
# BEGIN SOLUTION
loss_2 = 0.511
loss_3 = 1.609
# END SOLUTION

# %%
ll.compare("loss_2", loss_2, ll.nll(P[1], Y[1]), tolerance=0.002)

# %%
ll.compare("loss_3", loss_3, ll.nll(P[2], Y[2]), tolerance=0.002)

# %% [markdown]
# ### Exercise `nll` ({points})
#
# Write the negative log-likelihood of one text, for any number of classes. `p` holds a probability above 0 for each
# class. `y` is one-hot. Return one number.


# %% exercise="nll"
def nll(p, y):
    """Return −Σ y log p, a float. p and y have the shape (classes,)."""
    # BEGIN SOLUTION
    return -np.sum(y * np.log(p))
    # END SOLUTION


# %%
ll.check("nll", nll)

# %% [markdown]
# Stuck? Run `ll.hint("nll")` in a new cell. There are three hints; each says a little more.

# %% [markdown]
# ## 5 · The loss of a data set
#
# The NLL of a data set is the sum over its texts, as the slide writes it. In practice one takes the **mean**: then the
# number can be compared between data sets, and the learning rate need not change when there are more texts. The library's
# `ll.nll` takes all rows at once, and gives the mean.

# %%
p_true = P[Y == 1]  # the entries of P where Y is 1: 0.7, 0.6 and 0.2

print("product of the three     ", p_true.prod().round(4))
print("sum of their NLL         ", -np.log(p_true).sum().round(4))
print("exp of minus the sum     ", np.exp(np.log(p_true).sum()).round(4))
print("mean of their NLL        ", -np.log(p_true).mean().round(4))
print("the same from the library", ll.nll(P, Y).round(4))

# %% [markdown]
# ### A model that knows nothing
#
# A model that knows nothing gives each of $C$ classes the same probability, $1/C$. Its loss is then
#
# $$-\log \frac1C = \log C$$
#
# for every text, whatever the truth is. With 3 classes that is 1.099: our model, with 0.826, knows something.
#
# A new network knows nothing either. So its first loss should be near $\log C$:

# %%
rng = np.random.default_rng(2)
scores = rng.normal(size=(1000, 10))  # what a new network might say: 1,000 texts, 10 classes
labels = np.eye(10)[rng.integers(0, 10, size=1000)]  # one-hot, a row for each text

print(f"log 10 = {np.log(10):.3f}")
for size in (0.01, 0.1, 1.0, 10.0):
    print(f"scores of size {size:<4}: loss {ll.nll(ll.softmax(size * scores), labels):.3f}")

# %% [markdown]
# The larger the scores, the surer the network is of what it knows nothing about, and the more it pays.

# %%
ll.predict("01-starts-at-one")

# %% [markdown]
# The first loss is a free test. When yours does not start near $\log C$:
#
# | your first loss | look for |
# |---|---|
# | far above $\log C$ | weights or inputs that are too large |
# | as many times $\log C$ as there are texts | a sum over the texts, where you meant the mean |
# | $\log C$ divided by $C$ | a mean over the classes, where a sum is meant |
# | 0.434 or 1.443 times $\log C$ | a logarithm to base 10 or 2 |
# | below 0 | the minus |
# | well below $\log C$, and none of these | a network that was trained before, or fewer classes than you think |

# %% [markdown]
# ### The same with steps left out
#
# A language model chooses among 50,000 words: each word is a class. What should its first loss be? And a network for two
# classes starts at 0.347. Divide that by what it should be. Which row of the table is it?

# %%
# BEGIN SOLUTION
first_loss = np.log(50_000)
ratio = 0.347 / np.log(2)
# END SOLUTION

# %%
equal = np.full(50_000, 1 / 50_000)
ll.compare("first_loss", first_loss, ll.nll(equal, np.eye(1, 50_000)[0]), tolerance=0.002)

# %%
ll.compare("ratio", ratio, 0.347 / ll.nll(np.array([0.5, 0.5]), np.array([1.0, 0.0])), tolerance=0.01)

# %% [markdown]
# ## 6 · The update
#
# *Slides "Recap: Parameter update", "A parameter update step"*
#
# In general no formula gives the best parameters. So one starts somewhere, and improves step by step:
#
# $$\theta_{s+1} = \theta_s - \text{update size} \times \text{update direction}$$
#
# - The **direction** is the gradient $\nabla_\theta \ell$; with one parameter, the derivative, which is the slope. It points
#   to where the loss grows fastest, hence the minus.
# - The **size** is the **learning rate** $\eta$, a small positive number that one chooses.
#
# $$\theta_{s+1} = \theta_s - \eta\, \nabla_\theta \ell(\theta_s)$$
#
# So the step is $\eta$ times the gradient: long on a steep slope, short on a gentle one.

# %% [markdown]
# ### One thing is missing on the slide
#
# The slide prints the direction as $\nabla_\theta \left(-\sum_{x} \log f_\theta(x)\right)$, where $f_\theta(x)$ is what the
# forward pass gives. Read it slowly. What shape has $f_\theta(x)$, and what would the sum need to know?

# %%
ll.predict("01-what-the-slide-leaves-out")

# %% [markdown]
# In full: $\nabla_\theta \left(-\sum_{(x, y)} \sum_i y_i \log f_\theta(x)_i\right)$. Without $y$ the loss cannot tell which
# class was meant. Formulas on slides are often cut short. A good test is to ask of each: which numbers go in, and of
# which shape?

# %% [markdown]
# ### A worked example, by hand
#
# The loss is $\ell(\theta) = (\theta - 1)^2$, the start is $\theta = 3$, and $\eta = 0.1$.
#
# - The slope there is $2 \cdot (3 - 1) = 4$.
# - It is positive: the loss grows to the right, so the step goes to the left.
# - The step has the length $0.1 \cdot 4 = 0.4$, and leads to 2.6.
# - The loss was $(3-1)^2 = 4$, and is $(2.6 - 1)^2 = 2.56$.

# %% [markdown]
# ### The same with steps left out
#
# Now start on the other side, at $\theta = -1$, with the same $\eta$. Which slope has the loss there? Where does the step
# lead?

# %%
# BEGIN SOLUTION
slope = 2 * (-1 - 1)
theta_after = -1 + 0.4
# END SOLUTION

# %%
ll.compare("slope", slope, ll.numeric_gradient(lambda theta: (theta - 1) ** 2, -1.0))

# %%
mirrored = 1 - (2.6 - 1)  # 3 and −1 lie equally far from 1, and so do the places that the steps lead to
ll.compare("theta_after", theta_after, mirrored)

# %% [markdown]
# ### A worked example: a function that moves a vector
#
# With many parameters nothing changes: $\theta$ and the gradient are arrays of one shape, and NumPy works entry by entry.
# Here is a function that moves every entry a part of the way towards 0, and returns the new array:


# %%
def shrink(theta, part):
    shorter = theta * (1 - part)  # a new array; theta stays as it was
    return shorter


before = np.array([[1.0, -2.0], [4.0, 0.5]])
after = shrink(before, 0.25)
print("before", before.tolist())
print("after ", after.tolist())

# %% [markdown]
# ### A trap
#
# This version gives the same numbers, and does something else besides. Look at `before`:


# %%
def shrink_in_place(theta, part):
    theta *= 1 - part  # writes into the very array that was handed in
    return theta


before = np.array([[1.0, -2.0], [4.0, 0.5]])
after = shrink_in_place(before, 0.25)
print("before", before.tolist())
print("after ", after.tolist())

# %% [markdown]
# `theta` and `before` are two names of **one** array. `*=`, `+=`, `-=` and `theta[...] =` write into it. `theta * (1 - part)`
# makes a new one. Whoever wants to compare the parameters before and after a step needs the old ones.

# %% [markdown]
# ### Exercise `sgd_step` ({points})
#
# Write one step of gradient descent. `theta` and `gradient` are arrays of one shape, whichever it is. Return the new
# parameters as an array of that shape. `theta` and `gradient` must be the same afterwards as before.


# %% exercise="sgd_step"
def sgd_step(theta, gradient, learning_rate):
    """Return the parameters after one step, a new array of theta's shape."""
    # BEGIN SOLUTION
    return theta - learning_rate * gradient
    # END SOLUTION


# %%
ll.check("sgd_step", sgd_step)

# %% [markdown]
# ## 7 · The promise and what came
#
# *Slide "Learning Rate"*
#
# How large may $\eta$ be? The gradient is the slope of the **tangent**, and the tangent makes a promise. A step of
# $-\eta g$ along a straight line of slope $g$ goes down by
#
# $$\eta g \cdot g = \eta g^2$$
#
# With many parameters it is $\eta \lVert g \rVert^2$, with all entries of the gradient squared and added. But the loss is
# no straight line. What really comes is $\ell(\theta) - \ell(\theta - \eta g)$.

# %%
ll.predict("01-twice-the-rate")

# %% [markdown]
# In the explorer both are drawn: in the first picture for one step, in the second for every $\eta$. The tangent is
# the orange line. Keep to **a bowl** at first.
#
# - Move $\eta$ up slowly, to the best single step. Which part of its promise came there? And at twice that $\eta$?
# - Go on. Where does the step lead, and what does the loss do?
# - Let the step start elsewhere. Does the best $\eta$ change? And the part of the promise that comes there?

# %%
ll.explore_promise()

# %% [markdown]
# Then choose **the NLL of four texts**. It has one parameter, and the model is asked about four texts.
#
# - Start at $\theta = -2$. There the curve is nearly straight: up to which $\eta$ is the promise kept?
# - Is the rate that is best at $\theta = -2$ a good one at $\theta = 0$?
#
# And **two valleys**. Find a start from which *more* comes than was promised. On which side of the tangent does the curve lie
# there?

# %% [markdown]
# What there is to see:
#
# - For small $\eta$ promise and curve agree. That is what the gradient is: a promise for small steps.
# - The more the curve bends upwards, the sooner the promise breaks. On the bowl, whatever the start, the best step keeps
#   **half** of its promise, and at twice that rate nothing is left. Beyond, the loss **rises**: the rate is **too large**.
# - Other places have other best rates. One $\eta$ for all steps is a compromise. Lesson 08 is about better ones.
# - A step may leap into another valley. Then a rate that is too large looks like a good one, by luck.

# %% [markdown]
# You can check the promise without a picture: compare the fall of the loss after a step with $\eta \lVert g \rVert^2$.
# Far less than half of it: the rate is too large. Nearly all of it: a larger one would be faster.

# %% [markdown]
# ## What to take away
#
# - **Forward:** from the text to $p$. **Backward:** from the loss to the gradient. The optimiser then takes the step.
# - The NLL is $-\sum_i y_i \log p_i$: minus the logarithm of the probability of the **true** class. It counts factors: each
#   halving of that probability costs $\log 2$.
# - There is a logarithm since products of many probabilities underflow, and sums do not.
# - A model that knows nothing has the loss $\log C$. Look at your first loss before you look at anything else.
# - $\theta_{s+1} = \theta_s - \eta \nabla_\theta \ell$: against the gradient, by the learning rate's part of it.
# - The gradient promises a fall of $\eta \lVert g \rVert^2$. The rate is too large where the promise breaks.
#
# Next: lesson 02 is about the gradient itself, and lesson 03 finds it by walking back through a graph.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `01_loss_and_update.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## If you have time: the best step by a formula
#
# No points, no hints. With two parameters, a bowl is $\ell(\theta) = \tfrac12\, \theta^\top A\, \theta$, and its gradient is
# $g = A\,\theta$. Here are an $A$ and a start. Find the rate of the best single step **by a formula** in $A$ and $g$, not by
# trying. Write $\ell(\theta - \eta g)$ as a function of $\eta$ alone, and look for its lowest place.
#
# Then: which part of the promise does this step keep? For which $A$ is that so?

# %%
A = np.array([[3.0, 1.0], [1.0, 2.0]])
theta = np.array([1.0, 2.0])
g = A @ theta
# BEGIN SOLUTION
best_rate = (g @ g) / (g @ A @ g)
# END SOLUTION


# %%
def loss_after(rate):
    there = theta - rate * g
    return there @ A @ there / 2


rates = np.linspace(0, 1, 10_001)
ll.compare("best_rate", best_rate, rates[np.argmin([loss_after(rate) for rate in rates])])
