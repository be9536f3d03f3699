# %% [markdown]
# # 09 · Model selection
#
# **Slides:** "Experimental Routine" (evaluation), "Model Selection on the Dev Set". **Time:** 50 to 80 minutes.
#
# At the end you can
#
# 1. write the **grid** of all configurations, and say what it costs,
# 2. select a model on the **development set**, ties included,
# 3. say when **random search** looks at more than a grid does,
# 4. say by how much the **best of many** looks better than it is, and why the **test set** is opened once.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start

# %%
ll.recall("09")

# %% [markdown]
# ## 1 · What training does not choose
#
# *Slide "Model Selection on the Dev Set"*
#
# Training finds the **parameters**: $E$, $W$, $b$, $U$. Before it starts, somebody has chosen the depth $L$, the number
# of hidden units, the learning rate $\eta$, the size of a minibatch. These are **hyper-parameters**. A set of values, one
# for each of them, is a **configuration**.
#
# So far they were arbitrary. How does one choose them? Not by the training loss: a network that learns its examples by
# heart has the best one. The texts that decide must be texts that were not trained on: the **development set** (dev).

# %% [markdown]
# Three sets of texts, three uses:
#
# | set | what it decides | how often it is looked at |
# |---|---|---|
# | training | the parameters | at every step |
# | development | the hyper-parameters, when to stop | once for each model, or after each epoch |
# | test | nothing | once |

# %% [markdown]
# ## 2 · The grid
#
# **Grid search** lists some values for each hyper-parameter, and trains one model for each combination. The slide has
# $L \in \{2, 3\}$ and $\eta \in \{10^{-2}, 10^{-3}\}$, so four models. The set of all combinations is called the
# **Cartesian product**.

# %%
ll.predict("09-how-many")

# %% [markdown]
# ### A worked example: outfits
#
# A coat is red or blue, and a hat is flat, tall or none. All outfits, one piece of clothing after the other. First the
# coats alone:

# %%
outfits = [()]  # one outfit, with nothing in it
outfits = [(*outfit, coat) for outfit in outfits for coat in ("red", "blue")]
outfits

# %% [markdown]
# Then each of these outfits with each of the hats. The list takes the place of the one before:

# %%
outfits = [(*outfit, hat) for outfit in outfits for hat in ("flat", "tall", "none")]
outfits

# %% [markdown]
# Look at the order. The hat changes from each outfit to the next. The coat changes once all hats have been through: of
# two loops, the **inner** one turns faster.
#
# ### The same with steps left out
#
# Now shoes are added, of four kinds. How many outfits are there then? And at which place, counted from 0, stands the first
# one with a blue coat?

# %%
# BEGIN SOLUTION
how_many = 2 * 3 * 4
first_blue = 3 * 4
# END SOLUTION

# %%
with_shoes = [(*outfit, shoes) for outfit in outfits for shoes in range(4)]
ll.compare("how_many", how_many, len(with_shoes))

# %%
ll.compare("first_blue", first_blue, [outfit[0] for outfit in with_shoes].index("blue"))

# %% [markdown]
# ### A tool: a copy with one key more
#
# A configuration is a dict. `{**config, "depth": 2}` makes a **new** dict: all that is in `config`, and one key more.
# If the key is in a variable, it is written without quotes.

# %%
config = {"hidden": 16}
name = "depth"
print({**config, name: 2}, {**config, name: 3})
print(config)

# %% [markdown]
# ### Exercise `grid` ({points})
#
# `space` is a dict: the name of each hyper-parameter, and the list of its values. Return the list of all configurations,
# a dict each. There may be any number of names. The **last** name changes fastest. `space` stays as it is.


# %% exercise="grid"
def grid(space):
    """Return all configurations, a list of dicts. space: dict name -> list of values."""
    # BEGIN SOLUTION
    configs = [{}]
    for name, values in space.items():
        configs = [{**config, name: value} for config in configs for value in values]
    return configs
    # END SOLUTION


# %%
ll.check("grid", grid)

# %% [markdown]
# Stuck? Run `ll.hint("grid")` in a new cell. There are three hints.

# %% [markdown]
# ## 3 · Four real models
#
# The text is real: is this dictionary definition about an animal? (Lesson 10 is about that text. Here it is the material
# to select on.) The function below trains one model of a grid. To save time, its minibatches have 128 texts and it
# makes 8 epochs at most. It stops when three epochs in a row brought no smaller loss on dev.


# %%
def train_one(config):
    """Train one model; say its accuracy and its loss on dev."""
    return ll.train_one_definitions_model({"batch_size": 128, "max_epochs": 8, **config})


# %% [markdown]
# The next cell trains the slide's four models. That takes some seconds; a bar shows how far it is. (**Kernel →
# Interrupt Kernel** stops it.)

# %% tags=["nbval-ignore-output"]
search = ll.grid_search(train_one, {"depth": [2, 3], "learning_rate": [1e-2, 1e-3]})
print(search)

# %% [markdown]
# Here they are as a map. Click a cell, or choose it with the two controls: its curves stand below.
#
# - Which learning rate reaches its best dev loss sooner? What happens after that?
# - By how many of the 800 dev texts do the best and the worst of the four differ?

# %% tags=["nbval-ignore-output"]
ll.explore_grid(search)

# %% [markdown]
# The large rate is there after one epoch or two, and overfits after that. The small rate is still on its way when the
# other has stopped. And all four are close:

# %% tags=["nbval-ignore-output"]
right_of_800 = sorted(round(800 * result["dev_accuracy"]) for result in search.results)
print("right of 800, from the worst to the best:", right_of_800)

# %% [markdown]
# ## 4 · Selecting
#
# The rule: the best **accuracy on dev**. Two models may be equally accurate: there are only 801 possible numbers of right
# answers. Then the smaller **loss on dev** decides.
#
# ### A worked example: fewest faults, then the most points
#
# Riders are ranked by their faults: the fewest win. Among those with equally few, the one with the most style points wins.
# Python compares pairs from the left: the second numbers count only where the first are equal. A minus turns "most" into
# "least":

# %%
riders = [
    {"name": "Ada", "faults": 4, "style": 9},
    {"name": "Ben", "faults": 0, "style": 6},
    {"name": "Cleo", "faults": 0, "style": 8},
]
print([(rider["faults"], -rider["style"]) for rider in riders])
print(min(riders, key=lambda rider: (rider["faults"], -rider["style"]))["name"])

# %% [markdown]
# ### Exercise `select_best` ({points})
#
# `results` is a list of dicts. Each has `config` (a dict), `dev_accuracy`, `dev_loss` and `test_accuracy`. Return the
# config of the best dev accuracy; of equals, that of the smaller dev loss. `results` stays as it is, in its order.
#
# (A test accuracy should not be there at all at this moment. Sometimes it is. What do you do with it?)


# %% exercise="select_best"
def select_best(results):
    """Return the config that the development set prefers, a dict."""
    # BEGIN SOLUTION
    best = min(results, key=lambda result: (-result["dev_accuracy"], result["dev_loss"]))
    return best["config"]
    # END SOLUTION


# %%
ll.check("select_best", select_best)

# %% [markdown]
# ## 5 · Random search
#
# A grid has a weakness. Often one hyper-parameter matters much and another little, and one does not know which. Nine
# models on a grid of 3 by 3: each value of the one that matters is tried three times.

# %%
ll.predict("09-nine-models")

# %% [markdown]
# **Random search** draws each configuration: the depth from the list, the learning rate from a whole range. A rate is
# drawn by its **power of ten**: from $10^{-3}$ to $10^{-2}$ is as likely as from $10^{-2}$ to $10^{-1}$. Four more
# models, the same cost as the grid:

# %% tags=["nbval-ignore-output"]
space = {"depth": [2, 3], "learning_rate": ll.log_uniform(10**-3.5, 1e-1)}
at_random = ll.random_search(train_one, space, 4, np.random.default_rng(0))
print(at_random)

# %% [markdown]
# Both searches in one picture. First, where each looked; then, what each found.

# %% tags=["nbval-ignore-output"]
ll.show_searches(search, at_random, down="depth")

# %% [markdown]
# Count the learning rates: the grid tried two, random search tried four. It also shows where the useful range ends: a
# rate that is much too small has not arrived after 8 epochs. But it promises nothing: with other luck, no draw falls
# where the good rates are. With few hyper-parameters and a known range, a grid does well; with many, random draws see
# more values of each.

# %% [markdown]
# ## 6 · The winner's curse
#
# The selected model has the highest number of all. Is it the best model? Suppose that 64 models are **exactly equally
# good**: each is right on 93% of all possible texts. Each is measured on the same number of dev texts, 800.

# %%
ll.predict("09-equal-models")

# %% [markdown]
# Simulate it. A model is right on each text with a probability of 0.93; how many of 800 it gets right is a **binomial**
# number, `rng.binomial(800, 0.93)`. Below, each row is one search of 64 equal models, and there are 2,000 rows.
#
# Fill in: the best accuracy of each row, and by how much it is too good, on average over the rows.

# %%
rng = np.random.default_rng(9)
shown = rng.binomial(800, 0.93, size=(2000, 64)) / 800
# BEGIN SOLUTION
best_of_each = shown.max(axis=1)
too_good = round(best_of_each.mean() - 0.93, 4)  # NumPy's versions differ in the digits after these
# END SOLUTION

# %%
ll.compare("too_good", too_good, ll.best_of(64, 800, 0.93) - 0.93, tolerance=0.03)

# %% [markdown]
# What you compared with is not simulated: `ll.best_of` computes the mean from the probabilities. For fewer models:

# %%
for models in (1, 4, 16, 64):
    points = 100 * (ll.best_of(models, 800, 0.93) - 0.93)
    print(f"the best of {models:2d} equal models looks {points:.1f} points better than it is")

# %% [markdown]
# Nobody has cheated. The highest of many numbers is the one with the most luck in it. This is called the **winner's
# curse**. In the explorer, first: one model (blue) and the best of several (orange). Then: by how much the best looks too
# good.
#
# - How many models does it take until the best looks one point too good?
# - Make the development set four times as large. What becomes of the curse?
# - Let each model be a coin. Is the curse smaller or larger than at 93%?

# %%
ll.explore_curse()

# %% [markdown]
# - Four times as many texts halve the curse: luck shrinks with the square root of their number.
# - More models make it worse, but slowly.
# - It is largest for coins. The nearer a model is to 100%, the less its number varies.

# %% [markdown]
# ## 7 · The curse on the real grid
#
# Real models are not equal, and they make the same mistakes. How large is the curse there? We need texts that played no
# part in choosing, and the test set must stay closed. So we cut dev in two halves, at random: select on one half, look at
# the other. Then once more with other halves, 2,000 times.
#
# First, which of the 800 texts does each of our eight models get right?

# %% tags=["nbval-ignore-output"]
dev = ll.definitions().dev
models = [result["model"] for result in (*search.results, *at_random.results)]
right = np.array([[p.right for p in ll.predictions(model, dev)] for model in models])
print(right.shape, right.mean(axis=1).round(3))

# %% [markdown]
# Now the halves. `seen` is the accuracy of the winner on the half where it won, `fresh` on the other one.

# %% tags=["nbval-ignore-output"]
rng = np.random.default_rng(0)
seen, fresh = [], []
for _ in range(2000):
    order = rng.permutation(800)
    chosen_on, other = right[:, order[:400]].mean(axis=1), right[:, order[400:]].mean(axis=1)
    winner = chosen_on.argmax()
    seen.append(chosen_on[winner])
    fresh.append(other[winner])
print(f"where it won {np.mean(seen):.2%}, on the other half {np.mean(fresh):.2%}")
print(f"the curse: {100 * (np.mean(seen) - np.mean(fresh)):.2f} points")

# %% [markdown]
# What would it be for eight equal models that err independently, on 400 texts?

# %% tags=["nbval-ignore-output"]
mean = right.mean()
print(f"equal and independent: {100 * (ll.best_of(8, 400, mean) - mean):.2f} points")
print(f"texts that all eight get right: {right.all(axis=0).mean():.1%}")
print(f"if they erred independently:    {np.prod(right.mean(axis=1)):.1%}")

# %% [markdown]
# The real curse is there, and it is smaller. The models fail on the same difficult texts: where all fail, none wins by
# luck. And one model that is much worse never wins. So the formula is an upper estimate for models like these. It is a
# good one for many small variants that differ in nothing that matters.

# %% [markdown]
# ## 8 · A test set that counts its openings
#
# So the winner's number on dev must not be reported. The **test set** gives an honest one: it took part in nothing. But
# only the first time. Who looks, changes something, looks again, and keeps what is better, is selecting on the test
# set.
#
# Here is a test set that cannot be looked at in secret. It asks who looks, and what for, and keeps a tally.

# %%
sealed = ll.sealed_definitions()

# %% tags=["nbval-ignore-output"]
accuracy = sealed.open(search.best["model"], who="guest", why="the number to report")
print(f"{accuracy:.1%} of {sealed.texts} test texts")
sealed.tally

# %% [markdown]
# One look, and this is the number to report. It is honest, though not exact: on another 806 texts it would be somewhat
# different. Of 100 such numbers about 95 fall within two **standard errors** of what the model really is:

# %% tags=["nbval-ignore-output"]
standard_error = np.sqrt(accuracy * (1 - accuracy) / sealed.texts)
print(f"{accuracy:.1%} ± {2 * standard_error:.1%}")

# %% [markdown]
# ### What is the tenth look worth?
#
# Somebody does not like the number. They change the model a little, look again, and keep the better one: ten looks. We
# play it with changes that are worth nothing: a little noise is added to every parameter. Not on the test set, that is
# closed again. 400 dev texts play its part.

# %%
ll.predict("09-tenth-look")

# %% tags=["nbval-ignore-output"]
from dataclasses import replace


def with_noise(model, rng):
    noisy = {name: value + 0.05 * rng.normal(size=value.shape) for name, value in model.params.items()}
    return replace(model, params=noisy)


rng = np.random.default_rng(1)
variants = [with_noise(search.best["model"], rng) for _ in range(10)]
pretended = ll.SealedTest(400, lambda model: np.mean([p.right for p in ll.predictions(model, dev[:400])]))
for k, variant in enumerate(variants, 1):
    pretended.open(variant, who="somebody", why=f"change {k}")
pretended.tally

# %% [markdown]
# Read the caption of the tally, then the last column. Each look came with its number, and the best of them would be
# reported. Now the same with 2,000 random choices of the 400 texts: after each look, what the best one so far shows on
# the texts that were looked at, and on the 400 that nobody has looked at.

# %% tags=["nbval-ignore-output"]
right = np.array([[p.right for p in ll.predictions(variant, dev)] for variant in variants])
rng = np.random.default_rng(0)
shown, really = np.zeros(10), np.zeros(10)
for _ in range(2000):
    order = rng.permutation(800)
    looked_at, untouched = right[:, order[:400]].mean(axis=1), right[:, order[400:]].mean(axis=1)
    best = [looked_at[:k].argmax() for k in range(1, 11)]
    shown += looked_at[best] / 2000
    really += untouched[best] / 2000
ll.line_chart(
    {"shown": 100 * shown, "on new texts": 100 * really},
    x="look",
    y="accuracy, %",
    start=1,
    y_range=(92, 96),
)

# %% tags=["nbval-ignore-output"]
print(f"what is shown rises by {100 * (shown[9] - shown[0]):.2f} points in ten looks")
print(f"on new texts it changes by {100 * (really[9] - really[0]):+.2f} points")

# %% [markdown]
# The number that is shown rises from look to look and never falls; the model hardly changes. What the tenth look is worth is the second
# number. It would be more if the changes were better than noise, but nobody could tell from the first number.
#
# Go back to the cell with `sealed.open(…)`, run it a second time, and look at the tally.

# %% [markdown]
# ## What to take away
#
# - Parameters are trained; **hyper-parameters** are selected, on texts that were not trained on.
# - A **grid** is the Cartesian product: its cost is the product of the numbers of values. **Random search** tries
#   more values of each hyper-parameter at the same cost.
# - Select by **dev accuracy**, ties by dev loss. The test accuracy takes no part.
# - The best of many looks better than it is: 0.9, 1.5 and 2 points for 4, 16 and 64 equal models on 800 texts.
# - The **test set** is opened once. Each further look turns it into a second development set.
#
# Next: lesson 10 puts the whole routine together, on the same text.

# %% [markdown]
# ## Hand in
#
# Choose **Kernel → Restart Kernel and Run All Cells** once: then you see that the notebook runs from top to bottom. See
# that every check passes. Save the notebook (**Ctrl + S**, on a Mac **Cmd + S**). What you hand in is this file,
# `09_model_selection.ipynb`, with your answers in the cells where they were asked. Your id stands in the first code cell.

# %%
ll.progress()

# %% [markdown]
# ## If you have time: how many texts?
#
# No points, no hints. You plan to compare 16 models that are right on about 93% of all texts. The best of them may look
# at most **half a point** too good. How many dev texts do you need? Find the smallest whole number, with `ll.best_of` (it
# may be asked for any number of texts) and a search that does not try all numbers one by one.
#
# Then: does the answer change much if the models are right on 99% of all texts? Why?

# %%
# BEGIN SOLUTION
few, many = 1, 100_000
while many - few > 1:
    middle = (few + many) // 2
    if ll.best_of(16, middle, 0.93) - 0.93 <= 0.005:
        many = middle
    else:
        few = middle
texts_needed = many
# END SOLUTION


# %%
def first_enough(sizes):
    return next(n for n in sizes if ll.best_of(16, n, 0.93) - 0.93 <= 0.005)


roughly = first_enough(range(6000, 9000, 10))
ll.compare("texts_needed", texts_needed, first_enough(range(roughly - 9, roughly + 1)))
