"""Questions of lesson 08, minibatches, schedules and Adam."""

from lecture_lib.explore import Option, Question

__all__ = ["PREDICTIONS", "RECALL"]

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
        slide="Minibatch Stochastic Gradient Descent",
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
)
