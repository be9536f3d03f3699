# %% [markdown]
# # 03 · Graphs and the chain rule
#
# **Slides:** "Back-propagation" to "Working through the example". **Time:** 50 to 100 minutes.
#
# At the end you can
#
# 1. break a formula into single operations and draw them as a **computation graph**,
# 2. walk back through the graph with the **chain rule** and find every derivative on the way,
# 3. say what happens where a value is used **twice**,
# 4. put the steps of **backpropagation** in order.
#
# One neuron with one input carries the whole lesson. The next lessons use the same steps on vectors and
# matrices.

# %%
import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# This lesson uses the loss and the update of lesson 01, and the gradient of lesson 02: what it is, and how it is measured.
# What do you remember? Choose an answer, then commit to it: you will see why each option is right or tempting.

# %%
ll.recall("03")

# %% [markdown]
# ## 1 · A formula is a graph
#
# *Slide "Computation Graphs"*
#
# Our neuron takes one number $x$. It multiplies it by a **weight** $w$ and adds a **bias** $b$. The result is
# its prediction. The right answer is $y$, and the **loss** $\ell$ is the squared error:
#
# $$\ell = (y - (w x + b))^2$$
#
# The lecture calls $\ell$ the mean squared error. With one example, the mean is the square itself.
#
# Take the formula apart, so that each line does **one** operation:
#
# $$c = w x \qquad d = c + b \qquad e = y - d \qquad \ell = e^2$$

# %% [markdown]
# The cell below writes these four lines in Python. `ll.data` makes a number that is given. `ll.parameter`
# makes a number that training may change. `.named("c")` gives a result its name.

# %%
x = ll.data(2.0, "x")
y = ll.data(2.0, "y")
w = ll.parameter(0.5, "w")
b = ll.parameter(-0.2, "b")

c = (w * x).named("c")
d = (c + b).named("d")
e = (y - d).named("e")
loss = (e**2).named("loss")

loss

# %% [markdown]
# Python computed the loss. It also remembered **how**: each line made a *node* that knows its operation and
# its **operands**, the values that the operation works on. Here is what it remembered.

# %%
ll.graph(ll.forward(loss))

# %% [markdown]
# Read it from left to right. This is the **forward pass**.
#
# - A grey box is data, $x$ and $y$. An orange box is a parameter, $w$ and $b$. The green box is where it ends: the loss.
# - A circle is an operation. The edges that come in are its operands.
# - The label on an edge says which number flows along it.
#
# The loss is 1.44. The prediction $d = 0.8$ is too low, for $y = 2$.

# %% [markdown]
# ### A worked example: another small graph, forward
#
# Here is a function that returns every value of the graph of $g = (m n + k)^2$. One line is one operation.


# %%
def example_forward(m, n, k):
    q = m * n
    s = q + k
    g = s**2
    return q, s, g


example_forward(3.0, 2.0, -4.0)

# %% [markdown]
# ### Exercise `neuron_forward` ({points})
#
# Do the same for the neuron: return every value of its forward pass, in the order $c$, $d$, $e$, $\ell$. The
# arguments are plain numbers.


# %% exercise="neuron_forward"
def neuron_forward(x, w, b, y):
    """Return (c, d, e, loss) of the neuron."""
    # BEGIN SOLUTION
    c = w * x
    d = c + b
    e = y - d
    loss = e**2
    return c, d, e, loss
    # END SOLUTION


# %%
ll.check("neuron_forward", neuron_forward)

# %% [markdown]
# Stuck? Run `ll.hint("neuron_forward")` in a new cell. There are three hints; each says a little more.

# %% [markdown]
# ## 2 · One link of the chain
#
# *Slide "Reminder: Chain Rule of Differentiation"*
#
# Training needs to know: if $w$ grows a little, what does the loss do? Think first, then commit.

# %%
ll.predict("03-sign-of-w")

# %% [markdown]
# Now measure it. The cell below moves $w$ up by 0.001 and leaves everything else. It prints how much each value
# changed, **per unit** of the change in $w$.


# %%
def values(w):
    c = w * 2.0
    d = c + (-0.2)
    e = 2.0 - d
    return {"c": c, "d": d, "e": e, "loss": e**2}


before, after = values(0.5), values(0.501)
for name in before:
    change = (after[name] - before[name]) / 0.001
    print(f"{name:>4} changes by {change:6.3f} for each unit of w")

# %% [markdown]
# The change travels from link to link:
#
# - $c = w x$ changes $x = 2$ times as fast as $w$.
# - $d = c + b$ changes exactly as fast as $c$.
# - $e = y - d$ changes as fast as $d$, in the other direction.
# - $\ell = e^2$ changes about $2e = 2.4$ times as fast as $e$.
#
# Multiply along the way: $2 \cdot 1 \cdot (-1) \cdot 2.4 = -4.8$. That is the **chain rule**: the derivative
# along a path is the product of the derivatives of its links. (The measured number is $-4.796$, because the step
# of 0.001 is small but not infinitely small.)

# %% [markdown]
# For a function $f(x) = u(v(x))$ the slide writes it with two links:
#
# $$\frac{df}{dx} = \frac{du}{dv} \cdot \frac{dv}{dx}$$
#
# In the neuron there are four links between $w$ and $\ell$:
#
# $$\frac{\partial \ell}{\partial w} =
# \frac{\partial \ell}{\partial e} \cdot
# \frac{\partial e}{\partial d} \cdot
# \frac{\partial d}{\partial c} \cdot
# \frac{\partial c}{\partial w}
# = 2e \cdot (-1) \cdot 1 \cdot x$$
#
# Two signs stand for a derivative. $d$ is written where a function has **one** variable, as in $df/dx$. $\partial$ is
# written where it has **several**, and only one of them moves: $\partial\ell/\partial w$ says how fast $\ell$ changes
# when $w$ grows and $x$, $b$ and $y$ stay. It is called a **partial derivative**, as in lesson 02. Read it aloud as
# "partial ell by w". (Some slides print $\delta$ where we write $\partial$. Both mean a partial derivative.)

# %% [markdown]
# ## 3 · Walking back
#
# *Slide "Working through the example"*
#
# To find the derivative for $w$ **and** for $b$, we could multiply two long products. They share most of their
# factors: $\partial\ell/\partial e$, then $\partial\ell/\partial d$. So start at the loss, walk **back**, and keep
# each product once it is known. This is the **backward pass**.
#
# Step through both passes. Use the buttons, or focus the slider and press the arrow keys: right is one step
# further, left takes it back. At each step, compare the formula above the graph with the slide.

# %%
neuron = ll.backward(loss)
ll.scrubber(neuron)

# %% [markdown]
# At the last step, each edge carries two numbers:
#
# - its value from the forward pass, in blue,
# - what flows **back** along it, in orange after the sign ∂: how much the loss changes for each unit of this
#   value.
#
# The data receive such a number too. It says how the loss would change if $x$ or $y$ were different. Training has no
# use for it: it changes parameters only.
#
# Each operation does one small thing on the way back. It takes what arrived from its right, multiplies it by its
# own derivative, and hands the product to its operands:

# %% [markdown]
# | operation | hands to its first operand | hands to its second operand |
# |---|---|---|
# | $c = w \cdot x$ | $\partial\ell/\partial c \cdot x$ | $\partial\ell/\partial c \cdot w$ |
# | $d = c + b$ | $\partial\ell/\partial d$ | $\partial\ell/\partial d$ |
# | $e = y - d$ | $\partial\ell/\partial e$ | $\partial\ell/\partial e \cdot (-1)$ |
# | $\ell = e^2$ | $\partial\ell/\partial\ell \cdot 2e$ | |
#
# The first number on the way back is $\partial\ell/\partial\ell = 1$: the loss changes as fast as itself. It is
# called the **seed**.

# %% [markdown]
# The same pass as a table. Each row is a box or an operation:

# %%
ll.table(neuron)

# %% [markdown]
# ### Move the numbers
#
# Change the four numbers and watch the gradients.
#
# - Find a setting where $\partial\ell/\partial b$ is zero. What is the prediction there?
# - Set $x = 0$. Which parameter can no longer learn from this example?
# - Make $x$ negative. What happens to the sign of $\partial\ell/\partial w$?


# %%
def build_neuron(x, w, b, y):
    x, y = ll.data(x, "x"), ll.data(y, "y")
    w, b = ll.parameter(w, "w"), ll.parameter(b, "b")
    c = (w * x).named("c")
    d = (c + b).named("d")
    e = (y - d).named("e")
    return (e**2).named("loss")


ll.explore_graph(build_neuron, x=2.0, w=0.5, b=-0.2, y=2.0)

# %% [markdown]
# ### A worked example: back through the small graph
#
# Remember $q = m n$, $s = q + k$, $g = s^2$, at $m = 3$, $n = 2$, $k = -4$. Each line below is one link, from the
# end to the beginning. `d_s` is our way to write $\partial g/\partial s$ in code.

# %%
m, n, k = 3.0, 2.0, -4.0
q, s, g = example_forward(m, n, k)

d_g = 1.0  # the seed
d_s = d_g * 2 * s  # g = s²
d_q = d_s * 1  # s = q + k
d_k = d_s * 1
d_m = d_q * n  # q = m n
d_n = d_q * m

print(f"d_s = {d_s},  d_q = {d_q},  d_k = {d_k},  d_m = {d_m},  d_n = {d_n}")

# %% [markdown]
# ### The same with steps left out
#
# Now $m = 1$, $n = -2$, $k = 5$. Two lines are missing. Write them in place of the dots.

# %%
m, n, k = 1.0, -2.0, 5.0
q, s, g = example_forward(m, n, k)

d_g = 1.0
d_s = d_g * 2 * s
d_q = d_s * 1
# BEGIN SOLUTION
d_m = d_q * n
d_n = d_q * m
# END SOLUTION

# %% [markdown]
# The library works out the same graph. `small_graph["m"]` is what it found for $\partial g/\partial m$.

# %%
product = ll.parameter(m, "m") * ll.parameter(n, "n")
small_graph = ll.backward((product + ll.parameter(k, "k")) ** 2)
ll.compare("d_m", d_m, small_graph["m"])

# %%
ll.compare("d_n", d_n, small_graph["n"])

# %% [markdown]
# ### Exercise `neuron_gradients` ({points})
#
# Write the backward pass of the neuron. Return $\partial\ell/\partial w$ and $\partial\ell/\partial b$, in this
# order. Start with the forward pass: you need $e$.


# %% exercise="neuron_gradients"
def neuron_gradients(x, w, b, y):
    """Return (d_w, d_b) of loss = (y - (w x + b))²."""
    # BEGIN SOLUTION
    e = y - (w * x + b)
    d_e = 2 * e
    d_d = d_e * -1
    d_c = d_d
    d_w = d_c * x
    d_b = d_d
    return d_w, d_b
    # END SOLUTION


# %%
ll.check("neuron_gradients", neuron_gradients)

# %% [markdown]
# ## 4 · A value that is used twice
#
# *Slide "Reminder: Chain Rule of Differentiation", drawn with a second path*
#
# In the neuron, exactly one path leads from each parameter to the loss. Often there are several. The smallest
# case is $\ell = x \cdot x$.

# %%
ll.predict("03-two-edges")

# %%
used_twice = ll.parameter(3.0, "x")
ll.graph(ll.backward((used_twice * used_twice).named("loss")))

# %% [markdown]
# Two edges leave $x$, and each brings something back. What arrives is **added**:
#
# > The derivative of the loss for a value is the **sum** over all paths of the **product** along each path.
#
# Why a sum? Move $x$ by a little. The first factor changes the loss, and the second factor changes it once more.
# For a small step the two changes add up.

# %% [markdown]
# ### A worked example: two paths
#
# Take $r = 2x$, $t = x + 3$ and $\ell = r t$, at $x = 4$. Both $r$ and $t$ use $x$.

# %%
start = ll.parameter(4.0, "x")
r = (2 * start).named("r")
t = (start + 3).named("t")
two_paths = ll.backward((r * t).named("loss"))
ll.graph(two_paths)

# %% [markdown]
# The path through $r$ brings $t \cdot 2 = 7 \cdot 2 = 14$. The path through $t$ brings $r \cdot 1 = 8$. Together
# $\partial\ell/\partial x = 14 + 8 = 22$.
#
# Check it another way: $\ell = 2x(x+3) = 2x^2 + 6x$, so $\partial\ell/\partial x = 4x + 6 = 22$.

# %% [markdown]
# ### The same with steps left out
#
# The same graph at $x = -1$. Fill in what each path brings, then the sum.

# %%
x_value = -1.0
r_value = 2 * x_value
t_value = x_value + 3

through_r = t_value * 2
# BEGIN SOLUTION
through_t = r_value * 1
d_x = through_r + through_t
# END SOLUTION

# %%
start = ll.parameter(x_value, "x")
same_graph = ll.backward((2 * start) * (start + 3))
ll.compare("d_x", d_x, same_graph["x"])

# %% [markdown]
# ### Exercise `fan_out` ({points})
#
# Now $a = x + 1$, $b = x^2$ and $\ell = a b$. (This $b$ is a value on the way, not the neuron's bias.) Return
# $\partial\ell/\partial x$ for any number $x$. Go along the paths, even if you see a shorter way: the shorter way does
# not exist in a large network.


# %% exercise="fan_out"
def fan_out(x):
    """Return the derivative of loss = a·b for x, where a = x + 1 and b = x²."""
    # BEGIN SOLUTION
    a = x + 1
    b = x**2
    through_a = b * 1
    through_b = a * 2 * x
    return through_a + through_b
    # END SOLUTION


# %%
ll.check("fan_out", fan_out)

# %% [markdown]
# ## 5 · The algorithm
#
# *Slide "Back-propagation"*
#
# You have walked back by hand several times. Backpropagation is the same walk, written so that it works for every
# graph. Its lines are below, in a wrong order. Two of them do not belong there at all.

# %%
ll.backward_order_lines()

# %% [markdown]
# ### Exercise `backward_order` ({points})
#
# Write the letters of the right lines in the right order, as a list: for example `["B", "A"]`.

# %% exercise="backward_order"
# BEGIN SOLUTION
backward_order = ["E", "J", "C", "F", "H", "A", "I", "D"]
# END SOLUTION

# %%
ll.check("backward_order", backward_order)

# %% [markdown]
# ## 6 · Is it right?
#
# The numeric gradient of lesson 02 tests any gradient without a single rule: move each parameter by a little, up and
# down, and see how far the loss moves. That is slow: the loss is computed twice for each parameter. But it is
# independent of the chain rule, so it finds mistakes.


# %%
def neuron_loss(theta):
    w, b = theta
    return (2.0 - (w * 2.0 + b)) ** 2


print("measured:       ", ll.numeric_gradient(neuron_loss, [0.5, -0.2]).round(6))
print("walking back:   ", neuron["w"].round(6), neuron["b"].round(6))

# %% [markdown]
# ## What to take away
#
# - A computation graph has a node for each operation; the edges that come in are its operands.
# - **Forward:** each node computes its value from its operands.
# - **Backward:** start with 1 at the loss; each node multiplies what it received by its own derivative and hands
#   the product to each operand.
# - **Along a path multiply, over paths add.**
# - Backpropagation gives *gradients*. What is done with them, such as $w \leftarrow w - \eta\,\partial\ell/\partial w$,
#   is the optimiser's work.
#
# Next: lesson 04 builds backpropagation itself, for vectors and matrices and for graphs of any form.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `03_graphs_and_the_chain_rule.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()
