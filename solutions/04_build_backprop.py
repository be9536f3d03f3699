# %% [markdown]
# # 04 · Build backprop
#
# **Slides:** "Back-propagation" and "Useful derivatives in NNs". **Time:** 75 to 120 minutes; the end of part 2 is a
# good place for a break.
#
# At the end you can
#
# 1. write the **local rule** of an operation, and check it by moving its operands,
# 2. put the nodes of any graph in an **order** in which a backward pass can visit them,
# 3. write **backpropagation** itself, in about a dozen lines, and compute every gradient of the lecture with it,
# 4. **find an error** in a gradient, in yours and in those of others,
# 5. say what makes it fast, with numbers from your own machine.
#
# You build it from nothing but nodes. NumPy does the products.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# Three questions on lesson 03.

# %%
ll.recall("04")

# %% [markdown]
# ## 1 · One rule for each operation
#
# *Slide "Back-propagation"*
#
# In lesson 03 each operation did one small thing on the way back: it took what had come back to it, and handed a
# share to each of its operands. Written as a function, that is its **rule**:
#
# - it is given `d_out`: what has come back, $\partial\ell/\partial\text{out}$, in the shape of `out`,
# - and the operation's operands,
# - and returns $\partial\ell/\partial\text{operand}$ for each operand, in the operand's shape.
#
# The field calls such a rule a **vector-Jacobian product**, short `vjp`. We write `d_a` for
# $\partial\ell/\partial a$.

# %% [markdown]
# ### A worked example: a difference
#
# $\text{out} = a - b$, entry by entry. When $a$ moves up by 1, so does `out`. When $b$ moves up by 1, `out` moves
# down by 1. So what has come back goes on to $a$ as it is, and to $b$ with a minus.


# %%
def sub_vjp(d_out, a, b):
    d_a = d_out * 1
    d_b = d_out * -1
    return d_a, d_b


ll.try_rule(sub_vjp, np.subtract, d_out=[1.0, 10.0], a=[3.0, -2.0], b=[5.0, 0.5])

# %% [markdown]
# The last cell checked the rule in the way of lesson 02. It moved each entry of each operand up and down a little,
# and measured by how much $\sum$ `d_out` · `out` changed. You will check each of your rules like this, before you go
# on.
#
# ### Exercise `mul_vjp` ({points})
#
# $\text{out} = a\,b$, entry by entry; `a`, `b` and `d_out` have the same shape.


# %% exercise="mul_vjp"
def mul_vjp(d_out, a, b):
    """Return (d_a, d_b) of out = a * b."""
    # BEGIN SOLUTION
    d_a = d_out * b
    d_b = d_out * a
    return d_a, d_b
    # END SOLUTION


# %%
ll.try_rule(mul_vjp, np.multiply, d_out=[1.0, 10.0], a=[3.0, -2.0], b=[5.0, 0.5])

# %%
ll.check("mul_vjp", mul_vjp)

# %% [markdown]
# Stuck? `ll.hint("mul_vjp")` in a new cell.

# %% [markdown]
# ## 2 · A layer, its activation, its probabilities
#
# ### A matrix times a vector
#
# *Slide "Back-propagation"*
#
# A layer computes $z = W x$. Think about shapes first.

# %%
ll.predict("04-shapes")

# %% [markdown]
# ### A worked example: one row
#
# Begin with a single row $w$: $\text{out} = w \cdot x = \sum_j w_j x_j$, one number. When $w_j$ moves by 1, `out`
# moves by $x_j$. When $x_j$ moves by 1, `out` moves by $w_j$.


# %%
def dot_vjp(d_out, w, x):
    d_w = d_out * x
    d_x = d_out * w
    return d_w, d_x


ll.try_rule(dot_vjp, np.dot, d_out=10.0, w=[1.0, 2.0], x=[5.0, -1.0])

# %% [markdown]
# ### The same with steps left out: two rows
#
# $W$ has two rows now, so there are two outputs. `x` is used by both: what the two rows hand back to it is added.
# Write the two missing lines, with `dot_vjp` as above for each row.

# %%
W_rows = np.array([[1.0, 2.0], [3.0, 4.0]])
x_in = np.array([5.0, -1.0])
d_z = np.array([10.0, 1.0])

d_row0, d_x0 = dot_vjp(d_z[0], W_rows[0], x_in)
# BEGIN SOLUTION
d_row1, d_x1 = dot_vjp(d_z[1], W_rows[1], x_in)
d_x = d_x0 + d_x1
# END SOLUTION

# %% [markdown]
# The library does the same with nodes. `record["W"]` is what comes back to $W$.

# %%
W_node, x_node = ll.parameter(W_rows, "W"), ll.parameter(x_in, "x")
record = ll.backward((d_z * (W_node @ x_node)).sum())
ll.compare("d_row1", d_row1, record["W"][1])

# %%
ll.compare("d_x", d_x, record["x"])

# %% [markdown]
# All entries of both can be seen at once. What comes back to $W$ is a table. Write $\partial\ell/\partial z$ at the left
# and $x$ on top: each place is the product of its row's number and its column's number.

# %%
ll.outer_product(d_z, x_in, names=("∂ℓ/∂z", "x"))

# %% [markdown]
# What comes back to $x$: each entry of $W$ is multiplied by the number of its row. Then each column is added up, since
# every row used the same $x$.

# %%
ll.transposed_product(W_rows, d_z, names=("W", "∂ℓ/∂z"))

# %% [markdown]
# ### Exercise `matvec_vjp` ({points})
#
# Now for $W$ of any shape $(n, m)$: $x$ has $m$ entries, `out` and `d_out` have $n$. Each of the two can be written
# as one product of NumPy.


# %% exercise="matvec_vjp"
def matvec_vjp(d_out, W, x):
    """Return (d_W, d_x) of out = W @ x."""
    # BEGIN SOLUTION
    d_W = np.outer(d_out, x)
    d_x = W.T @ d_out
    return d_W, d_x
    # END SOLUTION


# %%
W_tall = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
ll.try_rule(matvec_vjp, np.matmul, d_out=[1.0, 10.0, 0.0], W=W_tall, x=[7.0, -1.0])

# %%
ll.check("matvec_vjp", matvec_vjp)

# %% [markdown]
# ### ReLU
#
# *Slide "Useful derivatives in NNs"*
#
# $$\frac{d\,\text{ReLU}(z)}{dz} = \begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{else} \end{cases}$$
#
# ### A worked example: the absolute value
#
# $|z|$ has slope $1$ where $z > 0$ and $-1$ where $z < 0$. Which slope an entry has is decided by $z$, never by what
# comes back.


# %%
def abs_vjp(d_out, z):
    slope = np.where(z > 0, 1.0, -1.0)
    return d_out * slope


ll.try_rule(abs_vjp, np.abs, d_out=[2.0, -3.0, 5.0], z=[-1.3, 0.39, 4.0])

# %% [markdown]
# ### Exercise `relu_vjp` ({points})
#
# Return `d_z`. At $z = 0$ the slope is 0, as on the slide.


# %% exercise="relu_vjp"
def relu_vjp(d_out, z):
    """Return d_z of out = ReLU(z), entry by entry."""
    # BEGIN SOLUTION
    return d_out * (z > 0)
    # END SOLUTION


# %%
ll.try_rule(relu_vjp, ll.relu, d_out=[2.0, -3.0, 5.0], z=[-1.3, 0.39, 4.0])

# %%
ll.check("relu_vjp", relu_vjp)

# %% [markdown]
# ### Softmax
#
# *Slide "Useful derivatives in NNs"*
#
# Until now each entry of `out` came from few entries of an operand. In $p = \text{softmax}(z)$ every $p_i$ depends on
# **every** $z_j$:
#
# $$\frac{\partial p_i}{\partial z_j} = p_i\,(\delta_{ij} - p_j), \qquad \delta_{ij} = 1 \text{ if } i = j, \text{ else } 0$$
#
# All these slopes together are a table, the **Jacobian** $J$, with $\partial p_i/\partial z_j$ in row $i$ and column
# $j$. Each $z_j$ gets a sum over all $i$, since it reaches the loss by every $p_i$:
#
# $$\frac{\partial\ell}{\partial z_j} = \sum_i \frac{\partial\ell}{\partial p_i}\,\frac{\partial p_i}{\partial z_j}$$

# %% [markdown]
# ### A worked example: shares of a sum
#
# Here is another operation in which everything depends on everything: $q_i = z_i / s$ with $s = \sum_k z_k$. Its
# slopes are $\partial q_i/\partial z_j = (\delta_{ij} - q_i)/s$. The rule is written as the sum says, with a loop
# for each index.


# %%
def normalise_vjp(d_out, z):
    s = z.sum()
    q = z / s
    d_z = np.zeros(len(z))
    for j in range(len(z)):
        for i in range(len(z)):
            slope = ((i == j) - q[i]) / s
            d_z[j] += d_out[i] * slope
    return d_z


ll.try_rule(normalise_vjp, lambda z: z / z.sum(), d_out=[10.0, -10.0, 20.0], z=[1.0, 2.0, 5.0])

# %% [markdown]
# ### Exercise `softmax_vjp` ({points})
#
# It takes `p`, the output of softmax, in place of $z$: the slopes are made of `p` alone, and the forward pass has it
# already. Write it with loops or without. `d_out` may be anything here, not only the gradient of a loss that you know.


# %% exercise="softmax_vjp"
def softmax_vjp(d_out, p):
    """Return d_z of p = softmax(z)."""
    # BEGIN SOLUTION
    J = np.diag(p) - np.outer(p, p)
    return J.T @ d_out
    # END SOLUTION


# %%
ll.try_rule(softmax_vjp, ll.softmax, d_out=[10.0, -10.0, 20.0], by_result=True, z=[0.1, 0.5, 1.0])

# %%
ll.check("softmax_vjp", softmax_vjp)

# %% [markdown]
# ## 3 · An order
#
# The rules are done. Now the graph. A **node** has three things, and you need no others:
#
# - `node.value`: what was computed,
# - `node.parents`: the nodes that it was computed from, in order; `()` for a leaf,
# - `node.vjp(d_out)`: its rule, with the operands in it already; gives one number or array for each parent.
#
# (The slides use these words the other way round: there a node's *parents* are the nodes that use its value, and its
# *children* are its operands.)

# %%
x = ll.parameter(3.0, "x")
a = (x**2).named("a")
b = (a * x).named("b")
loss = (b - a).named("loss")

print(loss.value, [parent.name for parent in loss.parents])
print("b hands back to a and x:", [float(d) for d in b.vjp(1.0)])

# %%
ll.graph(ll.forward(loss))

# %% [markdown]
# A node may hand on what it has only when **everything** has come back to it. Here $a$ gets something from `loss`
# and from $b$: it must wait for both. So the backward pass needs an order in which each node comes before its parents.
# Turned round, that is an order in which parents come first: the order of the forward pass.

# %%
ll.predict("04-visit-early")

# %% [markdown]
# ### A worked example: every node, in no special order
#
# To find all nodes, begin at the root and follow parents. `waiting` holds nodes that are still to be looked at. A node
# that was met before is passed over: in a large graph it would be met again and again.
#
# (Two nodes are the same only if they are the very same object, so a `set` of nodes works.)


# %%
def reachable(root):
    found, waiting = set(), [root]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(node.parents)
    return found


sorted(node.name for node in reachable(loss))

# %% [markdown]
# Why no recursion, a function that calls itself for each parent? It is shorter, and right for small graphs. But Python
# allows only about a thousand calls within calls, and a long text makes a deep graph.
#
# ### Exercise `topological_order` ({points})
#
# Return a list with every node that `root` was computed from, each **once**, parents before children, `root` last.
# Graphs of many thousand nodes in a chain must work, and graphs in which nodes are shared again and again.
#
# The check numbers the nodes of its graphs: "node 2 from 1 and 0" was computed from node 1 and node 0.


# %% exercise="topological_order"
def topological_order(root):
    """Return every node that root was computed from: parents first, root last."""
    # BEGIN SOLUTION
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent in node.parents)
    return order
    # END SOLUTION


# %%
ll.check("topological_order", topological_order)

# %% [markdown]
# ## 4 · The backward pass
#
# *Slide "Back-propagation"*
#
# ### A worked example: how many paths?
#
# The same walk in a simpler form. How many paths lead from each node to the root? The root has one, the empty path.
# Each node passes its number on to its parents, and what arrives at a parent is added up. The order matters for the
# same reason as before. (It uses the library's order, so that it works whatever yours does.)


# %%
def path_counts(root):
    paths = dict.fromkeys(ll.topological_order(root), 0)
    paths[root] = 1
    for node in reversed(ll.topological_order(root)):
        for parent in node.parents:
            paths[parent] = paths[parent] + paths[node]
    return paths


{node.name: count for node, count in path_counts(loss).items()}

# %% [markdown]
# ### Exercise `backward` ({points})
#
# Return a dict from node to gradient: $\partial\,\text{root}/\partial\,\text{node}$ for **every** node that `root`
# was computed from, the root included. The root is one number. For the order, you may use your own `topological_order`, or
# the library's, `ll.topological_order`.
#
# - A rule, `node.vjp(d_out)`, gives a tuple: one number or array for each of `node.parents`.
# - Two parents may be handed the very same array. Do not write into what you were handed.
# - A second call must give the same as the first.


# %% exercise="backward"
def backward(root):
    """Return a dict: node -> gradient of root with respect to it."""
    # BEGIN SOLUTION
    gradients = {root: 1.0}
    for node in reversed(topological_order(root)):
        for parent, d_parent in zip(node.parents, node.vjp(gradients[node]), strict=True):
            gradients[parent] = gradients.get(parent, 0.0) + d_parent
    return gradients
    # END SOLUTION


# %%
ll.check("backward", backward)

# %% [markdown]
# ### Watch it work
#
# `ll.replay` runs your `backward` on a graph and keeps what it did: which node it visited, with what, and what it
# handed on. If something goes wrong, the replay begins there: the **first** wrong node is ringed, and beneath it
# stands what was expected.

# %%
ll.replay(backward, loss)

# %% [markdown]
# Do not worry if you need several rounds: change the cell above, run it, and replay.
#
# ## 5 · All gradients of the lecture
#
# Now your own rules, your own order and your own `backward` compute "duck, duck, goose". Each function below makes a
# node from a value, its parents and a rule, with `ll.operation`. Three rules are yours. Those of a sum and of the loss
# are given. (`lambda d: f(d, z)` is a function without a name: it takes `d` and gives `f(d, z)`.)
#
# `ll.mine` fetches your own `softmax` of lesson 02, if it has passed there. If not, it fetches the library's. It says
# which.

# %%
own_softmax = ll.mine("softmax")


# %%
def matvec(W, x):
    return ll.operation(W.value @ x.value, (W, x), lambda d: matvec_vjp(d, W.value, x.value), "@")


def plus(a, b):
    return ll.operation(a.value + b.value, (a, b), lambda d: (d, d), "+")


def relu(z):
    return ll.operation(np.maximum(z.value, 0), (z,), lambda d: (relu_vjp(d, z.value),), "ReLU")


def softmax(o):
    p = own_softmax(o.value)
    return ll.operation(p, (o,), lambda d: (softmax_vjp(d, p),), "softmax")


def nll(p, y):
    return ll.operation(-np.sum(y * np.log(p.value)), (p,), lambda d: (-d * y / p.value,), "−Σ y log")


# %% [markdown]
# The sentence's mean is a product too: duck comes twice in three words and goose once, so $h_0 = E\,s$ with the
# shares $s = [2/3, 1/3]$.

# %%
example = ll.duck_goose()
E, W, b, U = (ll.parameter(example.params[name], name) for name in ("E", "W", "b", "U"))
s = ll.data([2 / 3, 1 / 3], "s")

h0 = matvec(E, s).named("h0")
z = plus(matvec(W, h0).named("a"), b).named("z")
h = relu(z).named("h")
o = matvec(U, h).named("o")
p = softmax(o).named("p")
text_loss = nll(p, example.y).named("loss")

ll.lecture_gradients(backward, text_loss)

# %%
ll.replay(backward, text_loss)

# %% [markdown]
# Nine gradients, from the loss to the embeddings, and nobody had to derive $\partial\ell/\partial E$ on paper. Lesson
# 06 does it by hand, so that you know what your program did.
#
# ## 6 · Trust it: a check for everything
#
# You checked each rule alone. For a whole gradient one compares two arrays: $a$, what the program says, and $n$, what
# moving each entry says. For each entry
#
# $$\text{error} = \frac{|a - n|}{\max(1, |a|, |n|)}$$
#
# and the **largest** error counts. Below $10^{-6}$ the two agree; above $10^{-3}$ something is wrong.
#
# ### A worked example: two lists of numbers
#
# Here for three pairs, one after the other, without the largest. The second pair differs by 0.0005 and agrees: its numbers
# are large. The third differs by 0.1 and is wrong.

# %%
for analytic, numeric in [(0.5, 0.5), (1000.0, 1000.0005), (0.2, 0.1)]:
    size = max(1, abs(analytic), abs(numeric))
    print(f"{analytic:9} {numeric:9}   {abs(analytic - numeric) / size:.7f}")

# %% [markdown]
# ### Exercise `gradient_check` ({points})
#
# `f` takes an array of `theta`'s shape and gives a number. `gradient(theta)` gives the array that is to be checked.
# Return the largest error. For $n$ there is your `numeric_gradient(f, theta)` of lesson 02.

# %%
numeric_gradient = ll.mine("numeric_gradient")


# %% exercise="gradient_check"
def gradient_check(f, gradient, theta):
    """Return the largest |a - n| / max(1, |a|, |n|)."""
    # BEGIN SOLUTION
    a = gradient(theta)
    n = numeric_gradient(f, theta)
    error = np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))
    return np.max(error)
    # END SOLUTION


# %%
ll.check("gradient_check", gradient_check)

# %% [markdown]
# ### Pick a bug
#
# A bug in one function, the same network. Which check fails, and at which node does it start on the way back?
# Predict both before you choose one. What the node hands on is wrong too, so everything behind it is.

# %%
ll.explore_bugs()

# %% [markdown]
# ## 7 · Errors that reached the world
#
# Four suspects. Each is our own short copy of a mistake that was published: in course material, in a solution with
# full marks, in a library. Your `gradient_check` is the detective. It is called twice on each.

# %%
ll.suspects(gradient_check)

# %% [markdown]
# Read their code, and find the line. `X` and `Y` are six examples and their classes, `U` is the layer above.

# %%
ll.suspect("A")

# %%
ll.suspect("B")

# %%
ll.suspect("C")

# %%
ll.suspect("D")

# %% [markdown]
# What the check found, and what it could not:
#
# - **A** sends the gradient through ReLU. The mask belongs to $z$.
# - **B** is multiplied by $x$, which the bias never met.
# - **C** passes, and is broken: the batch is four copies of one example. Its gradient is the right gradient of the
#   wrong loss. A gradient check says nothing about the loss itself.
# - **D** passes the first time only: its gradients pile up from call to call.
#
# One more: a notebook printed "Success" twelve times before anybody had written a line: it compared zeros with
# zeros. Try your check on a wrong gradient before you trust it.

# %% [markdown]
# ### Why did nobody notice A?

# %%
ll.predict("04-half")

# %% tags=["nbval-ignore-output"]
ll.half_right()

# %% [markdown]
# Each network is trained on one example. About half of the entries have the right sign. In the others one of the two
# gradients is 0, so none points the opposite way. (In a sum over several examples, some may.) That is enough for the loss to
# fall. A falling loss is no proof.

# %% [markdown]
# ## 8 · The race
#
# *Slide "Back-propagation": "an algorithm that can do it efficiently"*
#
# Moving each parameter is right, too. Why build all this? Measure it, here, with your own `backward`. The networks
# grow from 10 parameters to 100,000. It takes some seconds; the button with the square, ■, stops it, and what was
# measured until then is shown.

# %% tags=["nbval-ignore-output"]
ll.race(backward)

# %% [markdown]
# Both axes go in powers of ten: each step to the right is ten times as many parameters. Moving each parameter climbs
# faster: ten times as many parameters are ten times as many forward passes, and each of them gets longer too. One pass
# back takes about as long as a few forward passes, **however many parameters there are**.

# %%
ll.predict("04-forward-mode")

# %% [markdown]
# **Why reverse, and not forward?** The chain rule's product can be multiplied from either end. From the inputs on
# (forward mode), one carries the slope for *one* input through the graph: one pass for each parameter. From the loss
# back (reverse mode), one carries the slope of *one* output: one pass for all parameters. A network has many
# parameters and one loss.
#
# The price: reverse mode needs the values of the forward pass, so they are kept until it is done.
#
# ## What to take away
#
# - A **rule** takes what came back and hands a share to each operand, in the operand's shape. Transposes and masks
#   follow from one question: when this entry moves, what moves?
# - **Order:** a node hands on when everything has come back to it.
# - **Backward** is the seed, the order turned round, and a sum. A dozen lines for every network.
# - **Check** by moving. It finds wrong gradients, not wrong losses; and a falling loss proves nothing.
# - One pass back for all parameters: that is what makes training large networks possible.
#
# Next: lesson 05 runs the lecture's network forward.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `04_build_backprop.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## If you have time: a primitive of your own (no points)
#
# The library's engine takes new operations. Here is *softplus*, $\log(1 + e^z)$, a smooth ReLU. Its slope is the
# sigmoid, $1/(1 + e^{-z})$. As it stands, the rule below is wrong: the check says so. Correct the rule, then give the
# engine an operation that you miss.


# %%
@ll.primitive("softplus({z})", "z (...) -> h (...)", symbol="softplus")
def softplus(z):
    return np.log1p(np.exp(z))


@softplus.vjp("{d_h} × σ({z})")
def softplus_rule(d_h, h, z):
    # BEGIN SOLUTION
    return (d_h / (1 + np.exp(-z)),)
    # INSTEAD
    # return (d_h * h,)
    # END SOLUTION


error = ll.gradient_error(
    lambda z: softplus(z).sum(),
    lambda z: ll.value_and_grad(lambda node: softplus(node).sum())(z)[1],
    np.array([-1.0, 0.0, 2.0]),
)
print(f"largest relative error: {error:.6f}")

# %% [markdown]
# It can be drawn, and it is in the program that the engine writes.

# %%
w = ll.parameter(0.5, "w")
smooth = ((softplus(w * 2.0) - 1.0) ** 2).named("loss")
ll.graph(ll.backward(smooth))

# %%
print(ll.program(smooth).source)
