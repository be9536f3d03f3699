"""Questions of lesson 01, loss and update."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "01-entry-by-entry",
        "`y = np.array([0, 1, 0])` and `p = np.array([0.2, 0.7, 0.1])`. What is `y * p`?",
        (
            Option(
                "`0.7`, a single number",
                "That is `(y * p).sum()`, or `y @ p`. The sign `*` alone multiplies entry by entry and "
                "adds nothing up, so three entries stay three.",
            ),
            Option(
                "`array([0. , 0.7, 0. ])`",
                "`*` multiplies entry by entry. Where y is 0 nothing is left, and where y is 1 the entry "
                "of p stays. A vector of zeros and a single 1 picks one entry.",
            ),
            Option(
                "`array([0.2, 1.7, 0.1])`",
                "That is `y + p`. Adding 0 changes nothing, but multiplying by 0 does: it takes the entry "
                "away.",
            ),
        ),
        right=1,
        slide="Recap: Loss function",
    ),
    Question(
        "01-logarithm-of-a-product",
        "Which of these is the same as log(a · b), for numbers a and b above 0?",
        (
            Option(
                "log a · log b",
                "Try a = b = 1: that gives 0 · 0 = 0, and log 1 = 0, so far so good. Now a = 1 and b = 5: "
                "it gives 0, but log 5 is not 0. A product inside becomes a sum outside.",
            ),
            Option(
                "log(a + b)",
                "The sum comes outside of the logarithm, not inside. With a = b = 1 this would be log 2, "
                "while log(1 · 1) = 0.",
            ),
            Option(
                "a · log b",
                "That is log(b to the power of a): a factor before a logarithm is an exponent inside it.",
            ),
            Option(
                "log a + log b",
                "The logarithm turns products into sums. This lesson builds on it: the probability of "
                "many texts together is a product, and its logarithm is a sum.",
            ),
        ),
        right=3,
        slide="Recap: Loss function",
    ),
    Question(
        "01-slope",
        "f(θ) = (θ − 1)². At θ = 3 its derivative is 2 · (3 − 1) = 4. Which small move makes f smaller?",
        (
            Option(
                "To a θ a little below 3.",
                "A positive derivative says that f grows as θ grows. So f falls when θ shrinks, towards "
                "its lowest place at θ = 1.",
            ),
            Option(
                "To a θ a little above 3.",
                "There f is larger: (3.1 − 1)² = 4.41, and f(3) = 4. A positive derivative means uphill "
                "to the right.",
            ),
            Option(
                "None: the derivative is positive everywhere.",
                "It is 2 (θ − 1): positive to the right of 1, negative to the left of it. At 3 one can go "
                "down by going left.",
            ),
        ),
        right=0,
        slide="A parameter update step",
    ),
)

PREDICTIONS = (
    Question(
        "01-product",
        "A model gives the true classes of 500 texts probabilities that are spread evenly between 0.02 and "
        "0.4. What will Python give for the product of the 500 numbers?",
        (
            Option(
                "A tiny number above 0",
                "On paper, yes: a product of positive numbers is positive. But a float has a smallest "
                "size, about 5 · 10⁻³²⁴, and what is far smaller is stored as 0.",
            ),
            Option(
                "An error: the number is too small",
                "Numbers that grow too large give inf, and those that get too small give 0. Neither stops "
                "Python, and that is what makes it dangerous: nobody is told.",
            ),
            Option(
                "0.0",
                "Each factor makes the product smaller, on average six times. After about 420 of them it "
                "is below what a float can hold, and is stored as 0. A somewhat better model then has 0, "
                "too, and looks no better.",
            ),
            Option(
                "About 0.2, as large as a typical factor",
                "That would be their mean, or their geometric mean. A product of numbers below 1 is "
                "smaller than each of them.",
            ),
        ),
        right=2,
        slide="Recap: Loss function",
    ),
    Question(
        "01-halved",
        "The loss of a text is −log p, with p the probability of its true class. Training goes badly, and "
        "p is halved. In which case does the loss grow more: from p = 0.8 to 0.4, or from p = 0.02 to "
        "0.01?",
        (
            Option(
                "From 0.8 to 0.4: p loses far more.",
                "p loses 0.4 there and 0.01 in the other case. But the logarithm looks at the factor, not "
                "at the difference: both times it is one half.",
            ),
            Option(
                "From 0.02 to 0.01: the curve of −log p is steeper there.",
                "It is steeper, 40 times as steep. But the way along it is 40 times as short. The two "
                "cancel: a factor in p is a fixed amount of loss.",
            ),
            Option(
                "By the same in both: each time p is halved.",
                "−log(p/2) = −log p + log 2, whatever p is. Each halving costs log 2, about 0.69. That is "
                "what it means that the loss counts factors.",
            ),
        ),
        right=2,
        slide="Recap: Loss function",
    ),
    Question(
        "01-starts-at-one",
        "A network for 10 classes is new: its weights are small random numbers. Someone's code prints "
        "1.000 as its first loss. What do you think of it?",
        (
            Option(
                "Their logarithm has the base 10.",
                "Who knows nothing gives each class 1/10, and −log 0.1 = log 10 ≈ 2.303. To base 10 it is "
                "1. One look at the first number, and the mistake is found before training has begun.",
            ),
            Option(
                "Fine: a loss of 1 says that everything is wrong.",
                "1 is the share of errors if all are wrong. The negative log-likelihood is no share: it "
                "has no upper end, and a model that knows nothing has log C, with C classes.",
            ),
            Option(
                "Good: it starts better than by chance.",
                "log 10 ≈ 2.303 is what chance gives, so 1.000 would be far better. But nothing has been "
                "learnt: there is nothing it could be better by.",
            ),
            Option(
                "Nothing can be said before training.",
                "The first loss is the one number of training that can be known before: log C. It is a "
                "free test of the whole forward pass.",
            ),
        ),
        right=0,
        slide="Recap: Loss function",
    ),
    Question(
        "01-what-the-slide-leaves-out",
        "The slide's update takes the gradient of −Σ log f(x), where f(x) are the probabilities that the "
        "model gives for text x. Two data sets have the same texts, but all their labels differ. What "
        "would the formula, as it is printed, do with them?",
        (
            Option(
                "It would lower the probability of wrong labels.",
                "That is what it should do. But look for the label in the formula: there is none, so it "
                "cannot know which label is wrong.",
            ),
            Option(
                "It would give the two different updates, since their losses differ.",
                "With the true loss, yes. The printed sum runs over x alone, and nothing in it tells the "
                "one data set from the other.",
            ),
            Option(
                "It would stop at once: the gradient is 0.",
                "f(x) does depend on the parameters, so there is something to differentiate. The question "
                "is which entry of f(x) is meant.",
            ),
            Option(
                "It would give both the same update.",
                "y is missing: f(x) is a vector with one probability for each class, and only y says "
                "which of them is to grow. Meant is −Σ log of the true class's entry, −Σ y log f(x) for "
                "each text.",
            ),
        ),
        right=3,
        slide="A parameter update step",
    ),
    Question(
        "01-twice-the-rate",
        "The loss is θ²/2, the step starts at θ = 2, where the slope is 2. With η = 0.5 the tangent "
        "promises a fall of 0.5 · 2² = 2, and the loss falls by 1.5. Now η is doubled to 1, so 4 is "
        "promised. By how much will the loss fall?",
        (
            Option(
                "By 3, twice as much.",
                "The promise doubles, since the tangent is straight. The curve is not: the further the "
                "step goes, the more it bends away from the tangent.",
            ),
            Option(
                "By 2, half of what is promised.",
                "The step leads to 2 − 1 · 2 = 0, the lowest place. The loss was 2 and is 0. No rate can "
                "bring more than that here, whatever is promised.",
            ),
            Option(
                "By 4, as promised.",
                "The loss is 2 before the step and cannot go below 0, so it cannot fall by 4. The tangent "
                "goes on below 0; the curve does not.",
            ),
            Option(
                "Not at all: the step is too large.",
                "That comes later. At η = 2 the step leads to −2, as high as before. At η = 1 it stops "
                "half way.",
            ),
        ),
        right=1,
        slide="Learning Rate",
    ),
)
