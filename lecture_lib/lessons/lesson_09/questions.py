"""Questions of lesson 09, model selection."""

from lecture_lib.explore import Option, Question

SLIDE = "Model Selection on the Dev Set"

RECALL = (
    Question(
        "09-hyper-parameters",
        "Which of these are hyper-parameters of a network that is trained with Adam and early stopping?",
        (
            Option(
                "the entries of the matrices W and U",
                "These are the parameters: training changes them at every step. A hyper-parameter is fixed "
                "before training begins.",
            ),
            Option(
                "the gradients of the loss",
                "They are computed anew at every step, from the parameters and the minibatch. Nobody "
                "chooses them.",
            ),
            Option(
                "the depth and the learning rate",
                "Both are chosen by a person before training begins, and no gradient changes them. The "
                "size of a minibatch and the patience belong to them as well.",
            ),
        ),
        right=2,
        slide="Choosing the hyper-parameters",
    ),
    Question(
        "09-early-stopping",
        "Early stopping looks at a loss after each epoch, and keeps the parameters of the best one. On which "
        "texts is this loss computed?",
        (
            Option(
                "On the texts of the training set, all of them.",
                "That loss falls on and on, also when the network is learning its examples by heart. It "
                "would hardly ever say stop.",
            ),
            Option(
                "On the texts of the development set.",
                "They are not trained on, so their loss turns when the network begins to overfit. They are "
                "used to decide something, though: when to stop.",
            ),
            Option(
                "On the texts of the test set.",
                "Then the test set would have decided when to stop, and would no longer tell how the "
                "network does on texts that took part in nothing.",
            ),
        ),
        right=1,
        slide="Stopping Criteria",
    ),
    Question(
        "09-going-through-a-dict",
        '`space = {"depth": [2, 3], "rate": [0.1]}`. What does `for x in space:` hand out as x?',
        (
            Option(
                "`[2, 3]`, then `[0.1]`",
                "These are the values. They are handed out by `space.values()`, or asked for one by one "
                "with `space[x]`.",
            ),
            Option(
                "`2`, then `3`, then `0.1`",
                "A loop does not look into the lists by itself. For that, a second loop inside the first "
                "one goes through each of them.",
            ),
            Option(
                '`("depth", [2, 3])`, then `("rate", [0.1])`',
                "These pairs are handed out by `space.items()`, and `for name, values in space.items():` "
                "takes each of them apart.",
            ),
            Option(
                '`"depth"`, then `"rate"`',
                "Going through a dict hands out its keys, in the order in which they were put in. "
                "`space.items()` hands out key and value together.",
            ),
        ),
        right=3,
        slide=SLIDE,
    ),
)

PREDICTIONS = (
    Question(
        "09-how-many",
        "A grid has three depths, four learning rates and five sizes of minibatches. How many models does a "
        "grid search train?",
        (
            Option(
                "60",
                "Each depth meets each rate, and each of these pairs meets each size: 3 · 4 · 5. One "
                "hyper-parameter more, with five values, would make it 300.",
            ),
            Option(
                "12",
                "That adds 3, 4 and 5. Each depth meets each rate, and each of these pairs meets each size.",
            ),
            Option(
                "3",
                "That many come of taking the first value of each, then the second of each, and the third. "
                "Most values would never meet, and some would not be tried.",
            ),
        ),
        right=0,
        slide=SLIDE,
    ),
    Question(
        "09-nine-models",
        "Nine models each: one search on a grid of 3 learning rates by 3 depths, one that draws each rate at "
        "random from a range. How many different learning rates does each of them try?",
        (
            Option(
                "9 and 9, as both of them train nine models",
                "The grid uses each of its rates three times, once with each depth. If the depth hardly "
                "matters, that is three times the same experiment.",
            ),
            Option(
                "3 and 3, as there are three depths",
                "Random search has no rows and columns: the rate is drawn anew for each model, whatever the "
                "depth is.",
            ),
            Option(
                "3 and 9, as each draw is a new rate",
                "On a grid the rates repeat, once for each depth. Drawn from a range, no rate comes twice. "
                "If the rate is what matters, random search has looked at three times as many.",
            ),
        ),
        right=2,
        slide=SLIDE,
    ),
    Question(
        "09-equal-models",
        "64 models, each right on 93% of all texts. What does the best of them show on 800 dev texts, on "
        "average?",
        (
            Option(
                "about 93.0%",
                "That is what one of them shows, on average. The best was picked because it was high: of 64 "
                "numbers that scatter around 93, the highest lies well above.",
            ),
            Option(
                "about 93.3%",
                "One number scatters by about 0.9 points around 93. The highest of 64 lies more than two "
                "such widths above the middle.",
            ),
            Option(
                "about 95.0%",
                "One number scatters by about 0.9 points around 93, and the highest of 64 lies a little more "
                "than two of these widths above. All of it is luck: no model is better than another.",
            ),
            Option(
                "about 99.0%",
                "That would be more than six widths of 0.9 points above the middle. So much luck does not "
                "come in 64 draws, nor in a million.",
            ),
        ),
        right=2,
        slide=SLIDE,
    ),
    Question(
        "09-tenth-look",
        "Ten changes that are worth nothing, and after each a look at the same texts; the best is kept. What "
        "happens to the best number seen so far, and to the accuracy of that model on new texts?",
        (
            Option(
                "The number rises, and the accuracy rises with it.",
                "The first half is right. But the changes were worth nothing: what rises is the luck on "
                "these very texts, and new texts know nothing of it.",
            ),
            Option(
                "The number rises; the accuracy stays about what it was.",
                "The best so far can only rise, by luck alone if there is nothing else. On new texts that "
                "luck does not come again.",
            ),
            Option(
                "Both stay about what they were, as nothing has changed.",
                "The models have not become better, but each look gives another number, and the highest of "
                "ten is kept.",
            ),
        ),
        right=1,
        slide=SLIDE,
    ),
)
