"""Questions of lesson 05, duck, duck, goose: the forward pass."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "05-addition",
        "In the neuron's graph, d = c + b, and ∂ℓ/∂d = −2.4 has been found. What is ∂ℓ/∂c?",
        (
            Option(
                "−2.4",
                "If c grows by a little, d grows by just as much: the derivative of c + b with respect to "
                "c is 1. An addition hands what it gets to both its inputs, unchanged.",
            ),
            Option(
                "−1.2",
                "It may look as if c and b should share. They do not: each is asked what happens if it "
                "alone moves, and each moves d by its whole change. Both get −2.4.",
            ),
            Option(
                "−2.4 · b",
                "Multiplying by the other input is what a multiplication does on the way back. For an "
                "addition the factor is 1, whatever b is.",
            ),
            Option(
                "It cannot be said without y.",
                "y matters for ∂ℓ/∂d, and that is given. The chain rule needs only what came back to d and "
                "the one derivative ∂d/∂c. That each step is local is what makes the backward pass work.",
            ),
        ),
        right=0,
        slide="Working through the example",
    ),
    Question(
        "05-paths",
        "ℓ = a · b with a = x + 1 and b = x². How do the two paths from x to ℓ come together in dℓ/dx?",
        (
            Option(
                "The two paths' products are multiplied.",
                "Multiplication belongs to the edges along one path, one behind the other. The paths stand "
                "side by side: each adds its own effect.",
            ),
            Option(
                "Only the path through b counts, since x² has the steeper slope.",
                "Both a and b change when x does, and ℓ feels both. Leaving one path out is a common mistake "
                "when the backward pass overwrites what had already come in.",
            ),
            Option(
                "Along each path the edges' derivatives are multiplied; the two results are added.",
                "dℓ/dx = b · 1 + a · 2x. Product along a path, sum over the paths: that is the chain rule "
                "for a graph.",
            ),
        ),
        right=2,
        slide="Reminder: Chain Rule of Differentiation",
    ),
    Question(
        "05-order",
        "In which order does the backward pass visit the nodes?",
        (
            Option(
                "From the inputs to the loss, as the forward pass does.",
                "That is the order in which values become known. Gradients become known the other way: "
                "only at the loss is one known from the start, ∂ℓ/∂ℓ = 1.",
            ),
            Option(
                "From the loss, always on along one path until a parameter is reached, then the next path.",
                "On a chain that works. Where a node is used twice, it would hand on what came along the "
                "first path before the second has arrived, and its own inputs would get too little, or be "
                "visited twice.",
            ),
            Option(
                "Any order: each step is local.",
                "Each step is local, but it starts from the gradient of its own node, and that has to be "
                "complete first.",
            ),
            Option(
                "From the loss, each node after all the nodes that use it.",
                "Then the sum of what comes back to a node is complete when the node hands it on. Every "
                "edge is walked once.",
            ),
        ),
        right=3,
        slide="Back-propagation",
    ),
)

PREDICTIONS = (
    Question(
        "05-first-unit",
        "W = [[0.9, 1], [0.7, −0.3]], b = [0, 0], and the encoded sentence is h₀ = [0, −1.3]. Then z = W "
        "h₀ + b and h = ReLU(z). What will the first hidden unit give out?",
        (
            Option(
                "−1.3",
                "That is z₁ = 0.9 · 0 + 1 · (−1.3), before the ReLU. The ReLU lets nothing below 0 through.",
            ),
            Option(
                "0",
                "z₁ = 0.9 · 0 + 1 · (−1.3) = −1.3 is negative, so ReLU gives 0. For this sentence the unit "
                "is off: what it is multiplied by next does not matter.",
            ),
            Option(
                "1.3",
                "That is |z₁|. ReLU does not turn the sign around, it cuts off: max(0, −1.3) = 0.",
            ),
            Option(
                "0.9",
                "W₁₁ = 0.9 is multiplied by the first entry of h₀, which is 0, so it adds nothing here. The "
                "−1.3 comes in through W₁₂ = 1.",
            ),
        ),
        right=1,
        slide="Training iteration: forward pass",
    ),
    Question(
        "05-larger-p",
        "h = [0, 0.39] and U = [[0, −0.5], [−0.9, 0.3]]. Then o = U h and p = softmax(o). The label is y = "
        "[1, 0]. Which of p₁ and p₂ will be larger?",
        (
            Option(
                "p₂, since −0.5 pulls p₁ down",
                "h₁ = 0, so only U's second column counts: o₁ = −0.5 · 0.39 = −0.195 and o₂ = 0.3 · 0.39 = "
                "0.117. Softmax keeps the order: p = [0.423, 0.577]. The model is wrong, and there is "
                "something to learn.",
            ),
            Option(
                "p₁, since −0.9 pulls p₂ down",
                "U₂₁ = −0.9 is the largest weight in size, but it is multiplied by h₁, which is 0. A unit "
                "that is off adds nothing, whatever its weights.",
            ),
            Option(
                "p₁, since the label says class 1",
                "The label does not enter the forward pass at all. It is first seen by the loss, which "
                "finds that p disagrees with it.",
            ),
            Option(
                "They are equal, since nothing has been learnt yet",
                "Weights that were drawn at random favour some class nearly always. Equal probabilities "
                "would need equal scores o₁ = o₂, for example with h = [0, 0].",
            ),
        ),
        right=0,
        slide="Training iteration: forward pass",
    ),
)
