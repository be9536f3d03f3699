"""Questions of lesson 02, gradients."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "02-update",
        "θ = 3, the gradient of the loss there is −4, and the learning rate is η = 0.1. What is θ after one "
        "update?",
        (
            Option(
                "2.6",
                "That is 3 + 0.1 · (−4): it goes along with the gradient, to where the loss grows. The "
                "update takes the gradient away, and taking away −0.4 adds 0.4.",
            ),
            Option(
                "3.4",
                "θ − η · gradient = 3 − 0.1 · (−4). The gradient is negative, so the loss falls to the "
                "right, and to the right it goes.",
            ),
            Option(
                "7",
                "That is 3 − (−4): the learning rate is left out. It says which part of the gradient is the"
                " step.",
            ),
            Option(
                "0.4",
                "That is the step alone, −η · gradient. It is added to where θ was.",
            ),
        ),
        right=1,
        slide="A parameter update step",
    ),
    Question(
        "02-loss",
        "p = [0.2, 0.5, 0.3] and y = [0, 0, 1]. What is the loss −Σ y log p?",
        (
            Option(
                "−log 0.5 = 0.69",
                "That is the class with the largest probability. y says which class is the true one: the "
                "third.",
            ),
            Option(
                "−log 0.2 − log 0.5 − log 0.3 = 3.51",
                "That adds up all three classes, as if y were [1, 1, 1]. Each term is multiplied by its "
                "entry of y.",
            ),
            Option(
                "1 − 0.3 = 0.7",
                "That measures how far p is from certain. The negative log-likelihood takes the logarithm.",
            ),
            Option(
                "−log 0.3 = 1.20",
                "y is one-hot: two of the three terms are multiplied by 0, and the third class is left.",
            ),
        ),
        right=3,
        slide="Recap: Loss function",
    ),
    Question(
        "02-shapes",
        "A layer computes z = W x + b. W has 3 rows and 5 columns. How long are x and b?",
        (
            Option(
                "x has 5 entries, b has 3.",
                "A column of W belongs to an input, a row to an output. W x has an entry for each row, and "
                "b is added to that.",
            ),
            Option(
                "x has 3 entries, b has 5.",
                "That is the other way round. In W x each row of W is multiplied by x entry by entry, so "
                "x is as long as a row.",
            ),
            Option(
                "Both have 5 entries.",
                "x has, as it is multiplied by a row of W. b is added to W x, which has one entry for "
                "each row.",
            ),
            Option(
                "Both have 3 entries.",
                "b has, one for each output. x is multiplied by a row of W entry by entry, and a row has 5.",
            ),
        ),
        right=0,
        slide="Notation (lesson 00)",
    ),
)

PREDICTIONS = (
    Question(
        "02-both-sides",
        "f(x) = x². The slope at x = 1 is 2. Measured with a step of 0.1 to the right, it is (1.1² − 1²) / "
        "0.1 = 2.1. What comes out with a step to each side, (1.1² − 0.9²) / 0.2?",
        (
            Option(
                "2.1 again",
                "To the right the curve is steeper than at 1, so the step to the right gives too much. To "
                "the left it is flatter. Both together cannot be as wrong as one.",
            ),
            Option(
                "2.2: two steps, twice the error",
                "The errors would add up if both went the same way. To the right the curve is steeper than "
                "at 1, to the left it is flatter.",
            ),
            Option(
                "2, as it should be",
                "(1.21 − 0.81) / 0.2 = 2. To the right the curve is too steep by as much as it is too flat "
                "to the left. For x² they cancel to the last digit; for other curves, nearly.",
            ),
            Option(
                "1.9",
                "That is the step to the left alone: (1² − 0.9²) / 0.1. With a step to each side, the too "
                "large and the too small meet in the middle.",
            ),
        ),
        right=2,
        slide="Reminder: Gradient",
    ),
    Question(
        "02-contour",
        "On a contour line the loss is the same everywhere, like the height along a path around a hill. You"
        " stand on one. In which direction does the gradient point?",
        (
            Option(
                "Along the contour line",
                "Along it the loss does not change at all: its slope is 0 there. The gradient points to "
                "where the loss grows fastest.",
            ),
            Option(
                "At a right angle to it, to where the loss grows",
                "Along the line the slope is 0. Whatever a direction has of the line in it adds nothing, so"
                " the steepest one has nothing of it: it stands at a right angle.",
            ),
            Option(
                "At a right angle to it, towards the smallest loss",
                "The angle is right. The gradient points uphill, which is why gradient descent subtracts "
                "it. Nor is the way down always straight to the lowest point.",
            ),
            Option(
                "Straight away from the lowest point",
                "That holds where the contour lines are circles. In a long valley the steepest way up leads"
                " across the valley, whichever way the lowest point lies.",
            ),
        ),
        right=1,
        slide="Generalising to 2 dimensions",
    ),
    Question(
        "02-tiny-step",
        "A smaller step h makes the secant more like the tangent. A computer keeps about 16 digits of a "
        "number. What happens to the error as h goes 0.1, 0.01, 0.001, … down to 10⁻¹⁵?",
        (
            Option(
                "It becomes smaller and smaller.",
                "On paper it does. The computer subtracts two numbers that agree in almost all of their 16 "
                "digits, and few digits are left.",
            ),
            Option(
                "It becomes smaller down to about 10⁻¹⁶ and stays there.",
                "A single number can be kept as exactly as that. Here a difference is divided by h, and "
                "with it the error of the difference: the smaller h, the more it is magnified.",
            ),
            Option(
                "It stays the same: h cancels.",
                "For a straight line it does. For a curve the secant's slope depends on how far its two "
                "points are apart.",
            ),
            Option(
                "It becomes smaller, and from some h on larger again.",
                "Two errors meet. The curve's bend counts less for a small h; rounding, divided by h, "
                "counts more. Where they are equal is the best h.",
            ),
        ),
        right=3,
        slide="Reminder: Gradient",
    ),
    Question(
        "02-shift",
        "softmax([1, 2, 3]) = [0.09, 0.24, 0.67]. Now 100 is added to each score. What is softmax([101, "
        "102, 103])?",
        (
            Option(
                "Nearly [0.33, 0.33, 0.33]: beside 100 the differences are small",
                "That would hold if the scores themselves were divided by their sum. Softmax divides their "
                "exponentials, and exp(102) is still e times exp(101).",
            ),
            Option(
                "The same, [0.09, 0.24, 0.67]",
                "Each exponential is multiplied by the same e¹⁰⁰, in the numerator and in the sum. It "
                "cancels: only the differences between scores count.",
            ),
            Option(
                "Nearly [0, 0, 1]: large scores make softmax certain",
                "Large differences between scores make it so. Here the differences are still 1.",
            ),
            Option(
                "[0.09, 0.24, 0.67] times e¹⁰⁰",
                "The exponentials are that much larger, and so is their sum. Probabilities add up to 1, "
                "whatever the scores.",
            ),
        ),
        right=1,
        slide="Reminder: Computing the gradient",
    ),
    Question(
        "02-zero-input",
        "A layer has 3 outputs and 4 inputs, and x = [0.5, −1, 0, 2]. Which entries of ∂ℓ/∂W are 0, "
        "whatever y is?",
        (
            Option(
                "All of its third row",
                "A row belongs to an output: its four weights all lead to one score. The input that is 0 "
                "meets one weight of each row.",
            ),
            Option(
                "All of its third column",
                "Wᵢ₃ is multiplied by x₃ = 0. However it moves, the scores stay, and the loss with them. A "
                "column belongs to an input.",
            ),
            Option(
                "One entry, W₃₃",
                "That one is 0. But x₃ meets W₁₃ and W₂₃ too: one weight for each output.",
            ),
            Option(
                "None: every weight has something to learn",
                "A weight that is multiplied by 0 does nothing in this example, so moving it changes "
                "nothing.",
            ),
        ),
        right=1,
        slide="Reminder: Computing the gradient",
    ),
)
