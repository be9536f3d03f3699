"""Questions of lesson 03, graphs and the chain rule."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "03-log-loss",
        "A model knows nothing yet: it gives each of 4 classes the probability 0.25. After one update, θ − η "
        "· gradient, it gives the true class of this text 0.5. What happened to the loss −Σ y log p of the "
        "text?",
        (
            Option(
                "It fell by 0.25.",
                "That is by how much p grew. The loss counts factors: p became twice as large, so it fell by "
                "log 2.",
            ),
            Option(
                "It fell by about 0.69.",
                "From −log 0.25 = log 4 = 1.39 to −log 0.5 = log 2 = 0.69. p is twice as large, and each "
                "doubling takes log 2 off the loss.",
            ),
            Option(
                "It fell to 0.",
                "That needs p = 1 for the true class: −log 1 = 0. At p = 0.5 there is still log 2 left.",
            ),
            Option(
                "It grew, as p did.",
                "The loss has a minus in front of the logarithm: the larger the true class's p, the smaller "
                "the loss. Nor would a small step against the gradient make it grow.",
            ),
        ),
        right=1,
        slide="Recap: Loss function",
    ),
    Question(
        "03-two-partials",
        "At the present parameters ∂ℓ/∂w = −3 and ∂ℓ/∂b = 4. Now w and b both grow by 0.01. What happens to "
        "the loss?",
        (
            Option(
                "It rises by about 0.05.",
                "5 is the gradient's length, √(3² + 4²). The loss rises as fast as that only for a step in "
                "the gradient's own direction, and here w would have to shrink.",
            ),
            Option(
                "It rises by about 0.07.",
                "That adds 3 and 4 without their signs. A larger w makes this loss smaller, and takes back "
                "most of what b adds.",
            ),
            Option(
                "It rises by about 0.01.",
                "−3 · 0.01 + 4 · 0.01 = 0.01. Each partial derivative counts its own parameter's move, and "
                "for small moves the changes add up.",
            ),
            Option(
                "Nothing can be said: each partial derivative holds the other parameter still.",
                "It is measured like that. For small moves the loss is nearly a plane, and on a plane what "
                "one move changes does not depend on the other.",
            ),
        ),
        right=2,
        slide="Generalising to 2 dimensions",
    ),
)

PREDICTIONS = (
    Question(
        "03-sign-of-w",
        "The neuron has x = 2, w = 0.5, b = −0.2. It predicts d = w x + b = 0.8, but y = 2: the prediction "
        "is too low. The loss is (y − d)². Which sign will ∂ℓ/∂w have?",
        (
            Option(
                "Positive: w has to grow.",
                "w has to grow, that is right. But the gradient points to where the loss grows, which is "
                "the other way. Gradient descent subtracts it, so a negative gradient is what makes w grow.",
            ),
            Option(
                "Negative: a larger w makes the loss smaller.",
                "x is positive, so a larger w raises the prediction towards y and the loss falls. A "
                "quantity that falls as w grows has a negative derivative: here it is −4.8.",
            ),
            Option(
                "It depends on the sign of w.",
                "∂ℓ/∂w = −2 (y − d) x: the sign comes from the error and from x. How large w is matters "
                "only through the prediction d, which is given.",
            ),
            Option(
                "Zero: the target y does not depend on w.",
                "y does not depend on w, but the prediction d does, and the loss compares the two. The "
                "derivative is 0 only when the prediction is right, or when x is 0.",
            ),
        ),
        right=1,
        slide="Working through the example",
    ),
    Question(
        "03-two-edges",
        "ℓ = x · x with x = 3, drawn as a graph: two edges lead from x to the one multiplication. What do "
        "the two edges carry on the way back, and what is ∂ℓ/∂x?",
        (
            Option(
                "6 on each edge, and 6 at x",
                "6 is the whole derivative of x². Each edge knows only its own place in the product: the "
                "derivative with respect to one factor is the other factor, 3.",
            ),
            Option(
                "6 on one edge, 0 on the other, and 6 at x",
                "One might think that x is handed its gradient once. The multiplication does not know that "
                "both its inputs are the same node: it hands something back to each of them, 3 and 3.",
            ),
            Option(
                "9 on each edge, and 18 at x",
                "9 is the value of the product. What an edge carries back is the derivative for that "
                "factor, which is the other factor: 3.",
            ),
            Option(
                "3 on each edge, and 6 at x",
                "For each factor the derivative of the product is the other factor, 3. Two paths lead from "
                "x to ℓ, and what comes back along them is added: 3 + 3 = 6, which is 2x, as it must be.",
            ),
        ),
        right=3,
        slide="Reminder: Chain Rule of Differentiation",
    ),
)
