"""Questions of lesson 03, graphs and the chain rule."""

from lecture_lib.explore import Option, Question

__all__ = ["PREDICTIONS", "RECALL"]

RECALL = (
    Question(
        "03-softmax-layer",
        "A layer computes p = softmax(W x + b). The label y is one-hot and the loss is −Σ y log p. What is "
        "∂ℓ/∂b?",
        (
            Option(
                "y − p",
                "The slide's bracket (yᵢ − ŷᵢ), with ŷ our p, has a minus in front, and the minus is easily "
                "lost. Without it, gradient descent would lower the score of the right class.",
            ),
            Option(
                "(p − y) xᵀ",
                "That is ∂ℓ/∂W: each weight Wᵢⱼ is multiplied by xⱼ, so its gradient has the factor xⱼ. "
                "The bias is added as it is, so x does not come in, and the result has b's shape.",
            ),
            Option(
                "−1/p for the true class, 0 for the others",
                "That is ∂ℓ/∂p, the first step of the way back. It still has to go through the softmax to "
                "reach the scores W x + b, and with them b.",
            ),
            Option(
                "p − y",
                "It is the slide's bracket (yᵢ − ŷᵢ), with ŷ our p, its minus, and xⱼ = 1, since the bias is "
                "multiplied by nothing. For the true class it is negative: a larger bias there makes the "
                "loss smaller.",
            ),
        ),
        right=3,
        slide="Reminder: Computing the gradient",
    ),
    Question(
        "03-meaning",
        "At the present parameters ∂ℓ/∂w = −3. Now w grows by 0.01 and all else stays. What happens to the "
        "loss?",
        (
            Option(
                "It falls by about 0.03.",
                "A partial derivative says how much the loss changes for each unit that w changes: −3 · "
                "0.01 = −0.03. About, since the slope itself changes a little on the way.",
            ),
            Option(
                "It rises by about 0.03.",
                "The gradient points to where the loss rises, that is right. But this one is negative: it "
                "points to smaller w. Larger w lowers the loss.",
            ),
            Option(
                "It falls by exactly 0.03.",
                "The size is right. “Exactly” holds only for a straight line: the slope belongs to the "
                "point where it was taken, and changes as w moves away from it.",
            ),
            Option(
                "It becomes −3.",
                "−3 is the slope, not the loss. A squared error or −log p cannot be negative at all.",
            ),
        ),
        right=0,
        slide="Generalising to more dimensions",
    ),
    Question(
        "03-update",
        "θ = 2, ∂ℓ/∂θ = 5 and the learning rate is η = 0.1. What is θ after one step of gradient descent?",
        (
            Option(
                "2.5",
                "That adds η times the gradient, 2 + 0.1 · 5, and walks uphill: the gradient points to "
                "where the loss rises.",
            ),
            Option(
                "−3",
                "That is 2 − 5, the whole gradient. The learning rate says which part of it is taken: 0.1 "
                "· 5 = 0.5.",
            ),
            Option(
                "1.5",
                "θ − η · ∂ℓ/∂θ = 2 − 0.1 · 5. Against the gradient, by the learning rate's part of it.",
            ),
            Option(
                "1.9",
                "That takes a step of length η, with the gradient's direction only. On the slide the "
                "step's length is η times the gradient, so it is longer where the loss is steeper.",
            ),
        ),
        right=2,
        slide="A parameter update step",
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
