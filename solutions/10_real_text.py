# %% [markdown]
# # 10 · The whole routine, on real text
#
# **Slides:** "Experimental Routine", "Stopping Criteria", "Model Selection on the Dev Set". **Time:** 30 to
# 60 minutes. No points: this lesson is to look at and to play with.
#
# At the end you can
#
# 1. name each step of the **experimental routine** and say which data it may see,
# 2. read the curves of the training and the development loss, and say when to **stop**,
# 3. look at a model's **mistakes** and say what it cannot know.

# %%
import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start

# %%
ll.recall("10")

# %% [markdown]
# ## 1 · The text
#
# The lecture asks: **is this text about animals?** We ask it of real text: definitions of English nouns from the
# dictionary WordNet. Each has a label, *animal* or *other*. The model sees the definition only, never the word that
# is defined.

# %%
texts = ll.definitions()
for definition in texts.train[:5]:
    print(f"{definition.label:>6}  {definition.text}")

# %% [markdown]
# The data comes in three parts:
#
# - the **training set**: the parameters are fitted to it,
# - the **development set**: it decides when to stop and which model to keep,
# - the **test set**: it is looked at once, at the very end. (The slides never name it. Without it, nothing would tell
#   how well the *chosen* model does on new text.)

# %%
for name in ("train", "dev", "test"):
    part = getattr(texts, name)
    animals = sum(definition.label == "animal" for definition in part)
    print(f"{name:>5}: {len(part)} definitions, {animals} of animals")

# %% [markdown]
# ## 2 · The model and its training
#
# *Slide "Experimental Routine"*
#
# The routine has two parts. **Training**: choose the hyper-parameters; initialise the model; then, again and again,
# sample examples, run the forward pass, compute the loss, back-propagate, update. **Evaluation**: select a model on the
# development set, then use the best one on new text.
#
# The network is the one of lessons 05 and 06, larger: a column of 16 numbers for each word, 16 hidden units, depth
# $L = 2$. The optimiser is Adam with **minibatches** of 32 definitions. After each pass over the training data (an
# **epoch**) the loss on the development set is computed. Training stops when three epochs in a row bring no new
# best, and the parameters of the best epoch are kept.
#
# What happens to a word that the model does not know? Every word that stands only **once** in the training data is
# replaced by one and the same token, `<unknown>`. It has its own column of $E$, and is trained like a word. A new word in
# a text gets this column too.
#
# `rng` is the source of all chance: the initial weights and the order of the examples. With the same seed, you get
# the same model.
#
# Before you run it: the loss on the **training** data, and the loss on the **development** data. Which of them will fall
# all the time, and which will turn? Say it to yourself, or write it here.

# %% tags=["nbval-ignore-output"]
rng = np.random.default_rng(0)
model = ll.train_definitions(rng)
model.history.why

# %% [markdown]
# ### When to stop
#
# Here are the two losses after each epoch. `dev_losses` has one number more: its first one, `dev_losses[0]`, was
# measured before training. `dev_losses[1:]` leaves it out, so that both lines begin at epoch 1.

# %% tags=["nbval-ignore-output"]
ll.line_chart(
    {"training loss": model.history.epoch_losses, "development loss": model.history.dev_losses[1:]},
    x="epoch",
    start=1,
)

# %% [markdown]
# (The first training loss stands high because it is the mean over the whole epoch, from the first steps on. The
# development loss is measured at the epoch's end.)
#
# The training loss keeps falling: the model learns its examples by heart. The development loss turns. From there on,
# what is learnt about the training data no longer helps with new text. This is **overfitting**, and the turning point
# is where early stopping keeps the parameters.

# %% [markdown]
# ## 3 · Choosing hyper-parameters
#
# *Slide "Model Selection on the Dev Set"*
#
# Depth and learning rate were arbitrary. **Grid search** trains one model for each combination and compares them on
# the development set. These are the slide's: $L \in \{2, 3\}$ and $\eta \in \{10^{-2}, 10^{-3}\}$.

# %% tags=["nbval-ignore-output"]
space = {"depth": [2, 3], "learning_rate": [1e-2, 1e-3]}
search = ll.grid_search(ll.train_one_definitions_model, space)
print(search)

# %% [markdown]
# The four are close. A difference of a few definitions out of 800 may be chance: with another seed, another one may
# win. We take the one that the development set prefers; where two are equally accurate, the smaller loss decides.

# %%
chosen = search.best["model"]

# %% [markdown]
# ## 4 · The test
#
# The model is chosen. Now, once, the test set:

# %% tags=["nbval-ignore-output"]
made = ll.predictions(chosen, texts.test)
print(f"{ll.accuracy_on_test(chosen):.1%} of {len(made)} definitions right")

# %% [markdown]
# Is that good? Compare it with a model that reads nothing and always gives the same answer:

# %%
for answer in ("animal", "other"):
    share = sum(definition.label == answer for definition in texts.test) / len(texts.test)
    print(f"{share:.1%} right by always saying {answer}")

# %% [markdown]
# The **confusion** table counts each kind of answer. A row is the truth, a column is what the model says.

# %% tags=["nbval-ignore-output"]
print("             says animal   says other")
for name, row in zip(("animal", "other"), ll.confusion(made), strict=True):
    print(f"is {name:>6}:   {row[0]:11d}  {row[1]:11d}")

# %% [markdown]
# ## 5 · The mistakes
#
# The loss tells which mistakes are the worst: those where the model was sure and wrong. Read them. Which words led
# it astray? Would you have known? (Reading them is allowed, as long as nothing is changed because of them. Once a model
# is mended by looking at the test set, the test set is spent.)

# %% tags=["nbval-ignore-output"]
for mistake in ll.worst_mistakes(made, 8):
    print(f"p(animal) = {mistake.p_animal:.3f}  {mistake.definition.word}: {mistake.definition.text}")

# %% [markdown]
# ## 6 · Duck and goose
#
# Six senses of *duck* and *goose* are in our data, all of them in the test set.

# %% tags=["nbval-ignore-output"]
for answer in ll.predictions(chosen, ll.duck_and_goose_senses()):
    print(f"p(animal) = {answer.p_animal:.3f}  {answer.definition.word}: {answer.definition.text}")

# %% [markdown]
# The two meats are taken for animals. Why? Count in how many training definitions each word stands, and how many of
# these were of animals:

# %%
for word in ("flesh", "duck", "goose", "domestic", "wild"):
    with_word = [definition.label for definition in texts.train if word in definition.tokens]
    print(f"{word:>9}: {with_word.count('animal'):3d} of {len(with_word):3d} are of animals")

# %% [markdown]
# *Flesh* says little by itself. It is outvoted by the names of animals, which stood in definitions of animals nearly
# always. A bag of words knows which words are there. It cannot know that "flesh of a duck" is no duck.

# %% [markdown]
# ### Ask it yourself
#
# Write any sentence between the quotes. Try words that you made up: the model reads each of them as `<unknown>`.

# %% tags=["nbval-ignore-output"]
sentence = "duck duck goose"
print(f"p(animal) = {ll.predict_texts(chosen, [sentence])[0, 0]:.3f}")

# %% [markdown]
# ## What to take away
#
# - Fit on the training set, decide on the development set, report on the test set, **once**.
# - The training loss falls on and on. The development loss tells when to stop.
# - Look at the mistakes: they show what the model's input leaves out.
