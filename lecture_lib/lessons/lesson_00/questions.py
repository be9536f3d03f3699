"""Questions of lesson 00, on what the lecture takes as known."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "00-shapes",
        "`W` has 2 rows and 3 columns, `x` has 3 entries. What is `W x`?",
        (
            Option(
                "A table of 2 rows and 3 columns.",
                "That is what `W * x` gives in NumPy: each entry of a row times an entry of x. The product "
                "W x goes on to add up each row, and one number a row is left.",
            ),
            Option(
                "A vector of 3 entries.",
                "The 3 is what W takes in: one column for each entry of x. What comes out has one entry "
                "for each row of W, so 2.",
            ),
            Option(
                "A vector of 2 entries.",
                "Each row of W is multiplied by x entry by entry and added up. Two rows give two "
                "numbers. In this course a layer's W has a row for each output and a column for each input.",
            ),
        ),
        right=2,
        slide="Producing the Output: The Forward Pass",
    ),
    Question(
        "00-log",
        "The loss for the true class is −log p. What does it do as p goes from 1 down to 0?",
        (
            Option(
                "It grows from 0 without bound.",
                "log 1 = 0, so a sure and right prediction costs nothing. As p nears 0, log p falls "
                "without bound, and the minus sign turns that into a loss that grows without bound.",
            ),
            Option(
                "It grows from 0 to 1.",
                "That would be 1 − p, which is also 0 for a perfect prediction. −log p has no upper bound: "
                "a model that is sure and wrong pays far more than 1.",
            ),
            Option(
                "It falls from 0 without bound.",
                "log p does that. The minus sign in front makes it a loss: the worse the prediction, the "
                "larger.",
            ),
        ),
        right=0,
        slide="Recap: Loss function",
    ),
    Question(
        "00-derivative",
        "f(x) = (3 − x)². What is its derivative at x = 1?",
        (
            Option(
                "4",
                "2 · (3 − x) = 4 is the derivative of the square, but the bracket is a function of x as "
                "well: it falls by 1 when x grows by 1. That factor −1 is missing. 4 is also the value "
                "f(1), not its slope.",
            ),
            Option(
                "−4",
                "The square gives 2 · (3 − x) = 4, the bracket's own derivative is −1, and the two are "
                "multiplied. Growing x from 1 brings it nearer to 3, so f falls: the sign is right too.",
            ),
            Option(
                "−2",
                "That is 2 · (−1): the derivative of the square without the bracket's value, 3 − 1 = 2, in "
                "it.",
            ),
        ),
        right=1,
        slide="Reminder: Chain Rule of Differentiation",
    ),
)

PREDICTIONS: tuple[Question, ...] = ()
