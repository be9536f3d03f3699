"""Questions of lesson 06, duck, duck, goose: the backward pass."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "06-softmax-layer",
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
        "06-encode",
        "E = [[0.05, −0.1], [−1.5, −0.9]] holds the vectors of two words, duck first, as in lesson 05. How "
        "is “duck duck goose” encoded?",
        (
            Option(
                "[−0.025, −1.2]",
                "That is the mean of the two columns, with duck counted once. The encoder averages over "
                "the tokens, and there are two ducks: duck weighs twice as much as goose.",
            ),
            Option(
                "[0, −3.9]",
                "That is the sum of the three columns. The encoder takes the average, so that a long "
                "sentence is not larger than a short one.",
            ),
            Option(
                "[0, −1.3]",
                "The mean over the three tokens: twice duck's column [0.05, −1.5] and once goose's [−0.1, "
                "−0.9], divided by 3.",
            ),
            Option(
                "[−0.467, −0.367]",
                "That takes E's rows as the words, as the labels on the slide would have it. The slide's "
                "own calculation takes columns.",
            ),
        ),
        right=2,
        slide="Training iteration: encode the input",
    ),
    Question(
        "06-loss",
        "p = [0.4226, 0.5774] and y = [1, 0]. What is the loss −Σ y log p?",
        (
            Option(
                "0.549",
                "That is −log 0.5774, the predicted class. The label decides which probability is looked "
                "at: y is 1 for the first class.",
            ),
            Option(
                "0.861",
                "y picks the first class: −log 0.4226. The second term is multiplied by 0, whatever p₂ is.",
            ),
            Option(
                "0.577",
                "That is 1 − p₁: a measure of how wrong the model is, but not the negative log-likelihood. "
                "It also could never exceed 1.",
            ),
            Option(
                "1.411",
                "That adds −log p over both classes, as if both were true. y is one-hot: one of the terms "
                "counts.",
            ),
        ),
        right=1,
        slide="Training iteration: calculate the loss",
    ),
    Question(
        "06-relu",
        "The layer computes z = [−1.3, 0.39], then h = ReLU(z). What is handed to the softmax?",
        (
            Option(
                "o = U z: the ReLU comes after the output layer.",
                "The activation stands between the two layers. Without it, U and W would together be one "
                "single linear layer.",
            ),
            Option(
                "o = U [1.3, 0.39], since ReLU makes negative numbers positive.",
                "That is the absolute value. ReLU is max(0, z): negative numbers become 0.",
            ),
            Option(
                "o = U [0, 1], since ReLU says which units are on.",
                "On or off is ReLU's derivative, and it will be needed on the way back. On the way forward "
                "a unit that is on lets its value through.",
            ),
            Option(
                "o = U [0, 0.39], since ReLU makes negative numbers 0.",
                "ReLU cuts −1.3 to 0 and lets 0.39 through; then the output layer multiplies by U, with no "
                "bias and no ReLU after it.",
            ),
        ),
        right=3,
        slide="Training iteration: forward pass",
    ),
)

PREDICTIONS = (
    Question(
        "06-rows-of-W",
        "For this sentence h₀ = [0, −1.3], z = [−1.3, 0.39] and h = [0, 0.39]. Which entries of W will "
        "move in the first step of SGD?",
        (
            Option(
                "Only W₂₂",
                "Entry (i, j) of ∂ℓ/∂W is ∂ℓ/∂zᵢ times the j-th entry of h₀. ∂ℓ/∂z₁ = 0, as unit 1 is off. "
                "In row 2 the first entry of h₀ is 0, so W₂₁ stays too. Left is ∂ℓ/∂W₂₂ = 0.4619 · (−1.3) = "
                "−0.6005.",
            ),
            Option(
                "Both entries of row 2",
                "Row 1 stays, that is right: its unit is off. But a weight's gradient is also multiplied "
                "by the input that it weighs, and the first entry of h₀ is 0: W₂₁ stays too.",
            ),
            Option(
                "Both entries of row 1",
                "Unit 1 made the larger mistake, one might think. But it is off: changing z₁ a "
                "little does not change h₁, so nothing comes back to that row.",
            ),
            Option(
                "All four: every parameter gets a gradient",
                "Every parameter gets one, but it may be 0. A unit that is off lets nothing back, and an "
                "input of 0 makes its weight's gradient 0.",
            ),
        ),
        right=0,
        slide="Training iteration: parameter update",
    ),
    Question(
        "06-hundred-times",
        "One step with η = 0.01 takes the loss from 0.861 to 0.854. What will one step with η = 1, a "
        "hundred times as much, do, and the steps after it?",
        (
            Option(
                "The loss falls a hundred times as far, to about 0.12.",
                "That is the slope's promise, and it would hold for a straight line. A step this long "
                "leaves the region where the slope says anything.",
            ),
            Option(
                "The parameters grow from step to step until the loss is NaN: not a number.",
                "That is what too large a rate does to many losses, and you will see it with two "
                "sentences. Here something stops it: after the first step no gradient is left.",
            ),
            Option(
                "The second unit goes off too: p = [0.5, 0.5], the loss stays at 0.693 from then on.",
                "The step makes z₂ negative. With h = [0, 0] both scores are 0, p = [0.5, 0.5], and the "
                "loss is log 2 = 0.693. Every gradient is 0 now, so no later step moves anything.",
            ),
            Option(
                "It reaches a loss near 0, only sooner.",
                "With this one sentence η = 0.01 does not get there either. Where it does end, and after how "
                "many steps, you can find out with the explorer below.",
            ),
        ),
        right=2,
        slide="Learning Rate",
    ),
    Question(
        "06-with-respect-to",
        "The slide speaks of “the gradient of downstream nodes wrt the root”; wrt means with respect to, "
        "and the root is the loss ℓ. What does backpropagation give for a node z?",
        (
            Option(
                "∂z/∂ℓ, how the node changes when the loss changes",
                "That is what the slide's words say. But nobody changes the loss: it is computed last, from "
                "the nodes. What we can change are the parameters.",
            ),
            Option(
                "∂ℓ/∂z, how the loss changes when the node changes",
                "The gradient of the loss with respect to the node. The slide has the two the wrong way "
                "round: ℓ is what changes, z is what is moved.",
            ),
            Option(
                "Both are the same.",
                "They answer opposite questions. For numbers, one is one over the other; for vectors, the "
                "second does not even exist in general.",
            ),
        ),
        right=1,
        slide="Reminder: Chain Rule of Differentiation",
    ),
)
