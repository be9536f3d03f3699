# %% [markdown]
# # 10 · The whole routine, on real text
#
# **Slides:** "Experimental Routine", "Stopping Criteria", "Model Selection on the Dev Set", "Next Lectures".
# **Time:** 45 to 75 minutes. No points: here all lessons come together.
#
# At the end you can
#
# 1. name each step of the **experimental routine** and say which data it may see,
# 2. read the curves of the training and the development loss, and say when to **stop**,
# 3. look at a model's **mistakes** and say what it cannot know,
# 4. run the whole routine on the functions that **you** wrote, and compare it with PyTorch.

# %%
import textwrap

import numpy as np

import lecture_lib as ll

ll.student("guest")  # write your own id between the quotes

# %% [markdown]
# ## Before you start
#
# This lesson uses what all the others built: the loss and the update (01), gradients (02 to 04), the network forward and
# backward (05, 06), the loop and when it stops (07), minibatches and Adam (08), and model selection (09).

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
# (a) sample examples, (b) run the forward pass, (c) compute the loss, (d) back-propagate, (e) update. **Evaluation**:
# select a model on the development set, then use the best one on new text.
#
# The network is the one of lessons 05 and 06, larger: a column of 16 numbers for each word, 16 hidden units, depth
# $L = 2$. The optimiser is Adam with the learning rate $\eta = 10^{-3}$ and **minibatches** of 32 definitions. After each
# pass over the training data (an **epoch**) the loss on the development set is computed. Training stops when three epochs in
# a row bring no new best, and the parameters of the best epoch are kept.
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
# win. We take the one that is most accurate on the development set; of equals, the one with the smaller loss there.

# %% tags=["nbval-ignore-output"]
chosen = search.best["model"]
print("chosen on the development set:", search.best["config"])

# %% [markdown]
# ## 4 · The test
#
# The model is chosen. Now, once, the test set. (Lesson 09 looked at it too, with another model. Nothing was changed
# because of that number, so this one is still honest.)

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
# is changed after looking at the test set, the test set is spent.)

# %% tags=["nbval-ignore-output"]
for mistake in ll.worst_mistakes(made, 8):
    said = f"p(animal) = {mistake.p_animal:.3f}  {mistake.definition.word}: {mistake.definition.text}"
    print(textwrap.fill(said, 66, subsequent_indent="    "))

# %% [markdown]
# ## 6 · Duck and goose
#
# Six senses of *duck* and *goose* are in our data, all of them in the test set.

# %% tags=["nbval-ignore-output"]
for answer in ll.predictions(chosen, ll.duck_and_goose_senses()):
    said = f"p(animal) = {answer.p_animal:.3f}  {answer.definition.word}: {answer.definition.text}"
    print(textwrap.fill(said, 66, subsequent_indent="    "))

# %% [markdown]
# The two meats are taken for animals. Why? Count in how many training definitions each word stands, and how many of
# these were of animals:

# %%
for word in ("flesh", "duck", "goose", "domestic", "wild"):
    with_word = [definition.label for definition in texts.train if word in definition.tokens]
    print(f"{word:>9}: {with_word.count('animal'):3d} of {len(with_word):3d} are of animals")

# %% [markdown]
# *Flesh* stood in definitions of both kinds. The other four stood in definitions of animals nearly always, and they outvote
# it. A bag of words knows which words are there. It cannot know that "flesh of a duck" is no duck.

# %% [markdown]
# ### What each word adds
#
# Take a word out of the text, and see how the scores change: $o_{\text{animal}} - o_{\text{other}}$ with the word, minus
# the same without it. Above 0, the word speaks for *animal*. The column before it counts the training definitions with this
# word, and how many of them are of animals.

# %% tags=["nbval-ignore-output"]
ll.word_by_word(chosen, "flesh of a duck")

# %% [markdown]
# ### Ask it yourself
#
# Write any sentence between the quotes. Try words that you made up: the model reads each of them as `<unknown>`, and the
# table says so.

# %% tags=["nbval-ignore-output"]
ll.word_by_word(chosen, "a zyzzyva with webbed feet")

# %% [markdown]
# ### What it cannot know
#
# In which of these pairs will both texts get the same number? Say it before you run the cell.

# %% tags=["nbval-ignore-output"]
pairs = [
    ("a dog that bites a man", "a man that bites a dog"),
    ("a bird", "not a bird"),
    ("a small wild duck", "a small wild zyzzyva"),
]
for pair in pairs:
    for text, p in zip(pair, ll.predict_texts(chosen, pair), strict=True):
        print(f"p(animal) = {p[0]:.3f}  {text}")
    print()

# %% [markdown]
# - **Order.** A mean does not change when its terms change places. The first two texts are one and the same to the model.
# - **What a word does to another.** "Not" adds its own column, whatever it stands before.
# - **A word it has never read.** All unknown words share one column. That some of them sound like animals is lost.
# - **What is not in the text.** Nobody told it that one can eat a duck. It has definitions, and nothing else.

# %% [markdown]
# ## 7 · The routine with your own functions
#
# Up to here the library did the work. Now its functions are replaced by **yours**, one after the other. Yours are slower,
# since they take one text at a time. So we train on 320 definitions only, in three epochs.


# %%
def prepared(definitions, known):
    """Return the texts, with `<unknown>` for words without a column, and the one-hot labels."""
    tokens = [[word if word in known else ll.UNKNOWN for word in d.tokens] for d in definitions]
    return tokens, ll.one_hot([d.label for d in definitions], ("animal", "other"))


known = ll.vocabulary((d.tokens for d in texts.train[:320]), minimum_count=2, unknown="column")
tokens, y = prepared(texts.train[:320], known)
dev_tokens, dev_y = prepared(texts.dev[:200], known)

# %% [markdown]
# In the next three cells, `f` holds the functions: `f["encode"]` is the library's or yours. First the **evaluation** on the
# development texts: encode, forward, loss.


# %%
def evaluate(f, params):
    """Return the mean loss and the accuracy on the development texts."""
    E, W, b, U = (params[name] for name in ("E", "W", "b", "U"))
    p = [f["mlp_forward"](f["encode"](text, known, E), W, b, U)[3] for text in dev_tokens]
    losses = [f["nll"](p_of_text, truth) for p_of_text, truth in zip(p, dev_y, strict=True)]
    return np.mean(losses), ll.accuracy(np.array(p), dev_y)


# %% [markdown]
# Then the **training**: minibatches, gradients, Adam, early stopping. Find the steps (a) to (e) of section 2 in it. Which of
# them does `mlp_gradients` do in one go? (`ll.he` draws the first weights from a normal distribution, as wide as suits ReLU.)


# %%
def train_one(f, config):
    """Train a model; return its config, and its dev loss and dev accuracy at the epoch that is kept."""
    rng = np.random.default_rng(0)
    params = ll.mlp_parameters(len(known), 8, 8, 2, rng, initialise=ll.he)
    m = {name: np.zeros_like(value) for name, value in params.items()}
    v = {name: np.zeros_like(value) for name, value in params.items()}
    seen, t = [evaluate(f, params)], 0
    for _ in range(3):
        for batch in f["minibatches"](len(tokens), 16, rng):
            each = [f["mlp_gradients"](tokens[i], y[i], known, params) for i in batch]
            t = t + 1
            for name in params:
                gradient = sum(of_text[name] for of_text in each) / len(each)
                params[name], m[name], v[name] = f["adam_step"](
                    params[name], gradient, m[name], v[name], t, config["learning_rate"]
                )
        seen.append(evaluate(f, params))
    best = f["early_stopping"]([loss for loss, _ in seen], 2)
    return {"config": config, "dev_loss": seen[best][0], "dev_accuracy": seen[best][1]}


# %% [markdown]
# (`mlp_gradients` does (b) and (d). An update needs the gradient of the loss, and not its value, so (c) is left out.)
#
# Last the **selection**: a grid of learning rates, the best of it on the development texts.


# %%
def routine(f):
    """Return the result of the selected model."""
    results = [train_one(f, config) for config in f["grid"]({"learning_rate": [3e-2, 1e-2]})]
    best = f["select_best"](results)
    return next(result for result in results if result["config"] == best)


# %% [markdown]
# The table begins with the library's functions alone. In each line below, one more is replaced by yours, if yours has
# passed. What should happen to the accuracy from line to line?

# %% tags=["nbval-ignore-output"]
ll.one_by_one(
    routine,
    [
        "encode",
        "mlp_forward",
        "nll",
        "mlp_gradients",
        "minibatches",
        "adam_step",
        "early_stopping",
        "grid",
        "select_best",
    ],
)

# %% [markdown]
# Your functions compute the same as the library's, so nothing changes but the last digits. In place of what the caption calls
# missing, the library's function is used. Go to its lesson, let its check pass, and run the cell again.

# %% [markdown]
# ## 8 · The same in PyTorch
#
# [PyTorch](https://pytorch.org) is a library that many people train networks with. It does what you have seen: a graph, a
# backward pass, an optimiser. Here is the training of section 2 in PyTorch, without the early stopping. You know every step;
# only the names are new.

# %%
print(ll.pytorch_program())

# %% [markdown]
# Does it compute the same? The next cell trains twice, from the same first parameters and on the same minibatches, and
# compares **every** loss. It needs PyTorch, which is optional: where it is missing, the cell says how to install it.

# %% tags=["nbval-ignore-output"]
ll.beside_pytorch()

# %% [markdown]
# ### Two mistakes that raise no error
#
# PyTorch's `CrossEntropyLoss` takes the **scores** $o$; the softmax is inside. Its `NLLLoss` takes the **logarithms** of
# probabilities. People often hand the probabilities $p$ to one of them. Both run. What happens to the curves?
#
# The library's own functions can make both mistakes, so this part needs no PyTorch.

# %%
ll.predict("10-softmax-twice")

# %%
ll.predict("10-probabilities-for-logarithms")


# %%
def scores(params, sentences):
    return ll.mlp_scores(params, ll.encode_batch(sentences, params["E"]))


def right(params, sentences, y):
    return ll.mean(ll.cross_entropy(scores(params, sentences), y))


def softmax_twice(params, sentences, y):
    return ll.mean(ll.cross_entropy(ll.softmax(scores(params, sentences)), y))


def no_logarithm(params, sentences, y):
    return ll.mean(-ll.sum(y * ll.softmax(scores(params, sentences)), axis=-1))


# %% tags=["nbval-ignore-output"]
words_known = ll.vocabulary((d.tokens for d in texts.train), minimum_count=2, unknown="column")
train_texts, dev_texts = (
    (ll.sentences([d.tokens for d in part], words_known), ll.one_hot([d.label for d in part], ll.CLASSES))
    for part in (texts.train, texts.dev)
)
runs = {}
for loss in (right, softmax_twice, no_logarithm):
    rng = np.random.default_rng(0)
    runs[loss.__name__] = ll.train(
        ll.compiled(loss),
        ll.mlp_parameters(len(words_known), 16, 16, 2, rng, initialise=ll.he),
        train_texts,
        ll.adam(1e-3),
        rng=rng,
        batch_size=32,
        max_epochs=6,
        dev=train_texts,  # so that the loss after each epoch is that of the training texts
    )
ll.line_chart(
    {name: run.history.dev_losses for name, run in runs.items()},
    x="epoch",
    y="its own loss",
    y_range=(-1, 1),
)

# %% [markdown]
# The chart shows, after each epoch, the loss on the training texts **as each run computes it**.
#
# - **Softmax twice.** The second softmax gets numbers between 0 and 1. Even for $p = [1, 0]$ it gives the true class only
#   $e / (e + 1) \approx 0.731$, so this loss cannot fall below $-\log 0.731 \approx 0.313$. A curve that stays far above 0,
#   while the accuracy is good, is the sign.
# - **No logarithm.** The loss is $-p$ of the true class, a number between $-1$ and $0$. A negative log-likelihood is never
#   below 0. That is the sign.
#
# And what have the models learnt? Their accuracy and the real negative log-likelihood, on the development texts:

# %% tags=["nbval-ignore-output"]
for name, run in runs.items():
    accuracy = ll.accuracy(scores(run.params, dev_texts[0]), dev_texts[1])
    print(f"{name:>13}: accuracy {accuracy:.1%}, real loss {right(run.params, *dev_texts):.3f}")

# %% [markdown]
# Both wrong runs are nearly as accurate as the right one, and their real loss is only a little higher. So the accuracy does
# not give these mistakes away; the curve does. Look at a curve, and ask which values it *can* have.

# %% [markdown]
# ## 9 · What comes next
#
# *Slide "Next Lectures"*
#
# What you have built goes further than animals:
#
# - **Distributional semantics.** Here each column of $E$ was learnt from labels: words that speak for *animal* came to lie
#   together. The next lectures learn columns without labels, from the words that stand **around** a word. A duck and a goose
#   have similar neighbours, so they get similar columns, even if neither was ever seen with a label.
# - **Language models.** Here the softmax chose among two classes. A language model chooses the **next word**, among all words
#   of the vocabulary. The loss stays the negative log-likelihood, with the word that really comes as the true class. Backpropagation and
#   Adam stay what they are. And the order of the words, which our mean has thrown away, has to come back.

# %% [markdown]
# ## What to take away
#
# - Fit on the training set, decide on the development set, report on the test set, **once**.
# - The training loss falls on and on. The development loss tells when to stop.
# - Look at the mistakes: they show what the model's input leaves out.
# - The large libraries do what you have built. Know which values a loss can have, and you see their misuse in the curve.

# %% [markdown]
# ## Your score report
#
# Points by lesson and topic, and what to look at again. It is for yourself. `ll.score_report().save("my_report.html")` writes
# it as a page, which your browser can print.

# %%
ll.score_report()
