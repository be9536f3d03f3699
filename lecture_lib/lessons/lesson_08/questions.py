"""Questions of lesson 08, minibatches, schedules and Adam."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "08-steepest",
        "Gradient descent on a long bowl. Which direction sets the largest rate that does not diverge?",
        (
            Option(
                "The flattest",
                "There the gradient is small, so a step is short. It could be longer without harm.",
            ),
            Option(
                "The steepest",
                "There the gradient is largest, so a step that is too long overshoots there first.",
            ),
            Option(
                "All of them alike",
                "Each direction has its own limit, and the smallest of these limits is the one that counts.",
            ),
        ),
        right=1,
        slide="Learning Rate",
    ),
    Question(
        "08-update",
        "θ = 2, the gradient is −3 and η = 0.1. Where does the update lead?",
        (
            Option("To 2.3", "The update takes η times the gradient away: 2 − 0.1 · (−3) is 2 + 0.3."),
            Option(
                "To 1.7", "That adds 0.1 · (−3). The update takes it away, so it goes against the gradient."
            ),
            Option(
                "To 5, which is 2 + 3",
                "That takes the whole gradient away. The rate says which part of it is a step.",
            ),
        ),
        right=0,
        slide="A parameter update step",
    ),
    Question(
        "08-twice-the-texts",
        "The loss of a data set is the mean over its texts. Now it has twice as many texts, of the same kind."
        " What happens to the gradient?",
        (
            Option(
                "It becomes about twice as large",
                "That is so for the sum of the losses. The mean divides by the number of texts.",
            ),
            Option(
                "It stays about the same",
                "Twice as many gradients are added up, and their sum is divided by twice the number.",
            ),
            Option(
                "It becomes about half as large",
                "The mean divides by twice the number, but twice as many gradients are added up before that.",
            ),
        ),
        right=1,
        slide="Recap: Loss function",
    ),
)

PREDICTIONS = (
    Question(
        "08-unbiased",
        "Six examples, all minibatches of two. Each gives a gradient of its mean loss. What is the mean of"
        " all these gradients?",
        (
            Option(
                "Near the full gradient", "It is nearer than near: every example is in equally many pairs."
            ),
            Option(
                "Exactly the full gradient",
                "Every example is in five of the fifteen pairs, so each counts alike, up to rounding.",
            ),
            Option(
                "A third of it", "That is so for a sum over the examples. A mean divides by two, not by six."
            ),
        ),
        right=1,
        slide="Recap: Mini-batch/Stochastic Gradient Descent",
    ),
    Question(
        "08-first-step",
        "Adam's first step, with the correction. One parameter's gradient is 100, another's 0.01. Which moves"
        " further?",
        (
            Option(
                "The first, 10,000 times as far",
                "So it is in plain gradient descent. Adam divides each"
                " by its own √v̂, which is as large as it.",
            ),
            Option(
                "The second",
                "Adam divides by the size of the gradient. So sizes become alike; they are not turned round.",
            ),
            Option(
                "Both as far: η",
                "In step 1, m̂ is the gradient and √v̂ its size. What is left is the sign, as long as ε is"
                " far smaller than the gradient.",
            ),
        ),
        right=2,
        slide="Learning Rate",
    ),
    Question(
        "08-batch-size",
        "A minibatch of 16 texts becomes one of 64. What becomes of the noise, its gradient's typical"
        " distance from the full gradient?",
        (
            Option(
                "A quarter of it is left.",
                "So it is with the mean of the *squared* distance. The distance is the root of that.",
            ),
            Option(
                "Half of it is left.",
                "The noise of a mean shrinks with the root of the number: √4 is 2. Four times the work"
                " buys half the noise.",
            ),
            Option(
                "It stays: the gradient is unbiased for every size.",
                "Unbiased says that the mean of many minibatches is right. It does not say how far a"
                " single one is off.",
            ),
        ),
        right=1,
        slide="Recap: Mini-batch/Stochastic Gradient Descent",
    ),
    Question(
        "08-velocity",
        "The gradient is 1 at every step, and μ = 0.9. The velocity begins at 0, and each step makes it"
        " v ← 0.9 v + 1. Where does it end after many steps?",
        (
            Option(
                "At 1: the gradient is never larger.",
                "It is 1 after the first step. The second one keeps 0.9 of that and adds 1, which is 1.9.",
            ),
            Option(
                "It grows without end, by 1 a step.",
                "So it would with μ = 1. Here a tenth of the velocity is lost at each step.",
            ),
            Option(
                "At 10: as much is lost as comes in.",
                "There 0.9 · 10 + 1 is 10 again: what is lost, a tenth, is what comes in. In general it is"
                " 1 / (1 − μ) times the gradient.",
            ),
        ),
        right=2,
        slide="Learning Rate",
    ),
    Question(
        "08-no-correction",
        "β₁ = 0.9, β₂ = 0.999, and the correction is left out: θ moves by η m / √v. The gradient is 1."
        " How long is the first step?",
        (
            Option(
                "More than η",
                "m is 0.1, a tenth of what it should be. But v is 0.001, and √v is 0.032, so 0.1 /"
                " 0.032 is 3.16. What it is divided by is the smaller one.",
            ),
            Option(
                "η",
                "With the correction it is. Without it, m is 0.1 and √v is 0.032.",
            ),
            Option(
                "Less than η, because m is too small",
                "m is too small, but √v is too small by more, and it is what one divides by.",
            ),
        ),
        right=0,
        slide="Learning Rate",
    ),
    Question(
        "08-turned",
        "A long valley lies along the w axis. Now it is turned by 45°, with its data and the start."
        " Whose losses change?",
        (
            Option(
                "Nobody's: it is the same valley.",
                "For SGD and momentum it is. But Adam divides the gradient by w and the one by u each"
                " by a number of its own, and these two are no longer across and along the valley.",
            ),
            Option(
                "Those of all three",
                "A step of SGD or of momentum is a sum of gradients, and a sum turns with the valley.",
            ),
            Option(
                "Only those of Adam",
                "A rate for each parameter helps where the steep and the flat direction *are*"
                " parameters. In the turned valley both gradients are equally large, so Adam has"
                " nothing to tell them apart by.",
            ),
        ),
        right=2,
        slide="Learning Rate",
    ),
)
