"""Questions of lesson 07, descent."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "07-one-step",
        "The loss is θ², θ = 3 and η = 0.1. Where does one step of gradient descent lead?",
        (
            Option("To 3.6", "That adds the step. The slope is 2 · 3 = 6, and the step goes against it."),
            Option(
                "To 2.4", "The slope is 2 · 3 = 6, the step is 0.1 · 6 = 0.6, and it is taken away from 3."
            ),
            Option("To −3", "That takes the whole slope, 6, away. The rate says which part of it is a step."),
            Option("To 2.7", "That takes 0.1 · 3 away. The slope of θ² at 3 is 2 · 3, and not 3."),
        ),
        right=1,
        slide="A parameter update step",
    ),
    Question(
        "07-two-names",
        "`before = theta`, and then `theta -= 0.1 * gradient`. What is in `before` now, if theta is an"
        " array?",
        (
            Option(
                "The old numbers: `before` was set first.",
                "`before = theta` makes no copy. It gives the same array a second name.",
            ),
            Option(
                "Nothing: an array can have only one name.",
                "It can have as many as one likes. That is what makes this trap.",
            ),
            Option(
                "The new numbers: both are names of one array.",
                "`-=` writes into the array itself, so it changes under both names. `theta = theta - …` would"
                " make a new array and leave the old one to `before`.",
            ),
        ),
        right=2,
        slide="A parameter update step",
    ),
    Question(
        "07-dead",
        "A hidden unit is off for every training text: its z is below 0 each time. What is its gradient?",
        (
            Option(
                "0: nothing comes back through a ReLU that is off.",
                "ReLU's slope is 0 there. So neither its weights nor its bias move, as in lesson 06.",
            ),
            Option(
                "Large, because it has to change most.",
                "The gradient does not know what would have to happen far away. A small move of z leaves"
                " ReLU(z) at 0, and so the loss as it was.",
            ),
            Option(
                "1: the slope of ReLU.",
                "That is its slope where z is above 0. Below it, the slope is 0.",
            ),
        ),
        right=0,
        slide="Useful derivatives in NNs",
    ),
)

PREDICTIONS = (
    Question(
        "07-first-fault",
        "Someone types the slide's algorithm into Python line by line, and runs it. What will Python stop at"
        " first?",
        (
            Option(
                "At C(·): the criterion gets no arguments.",
                "It does get none, and cannot judge anything then. But that line comes later.",
            ),
            Option(
                "At S in the while: nobody has said what it is.",
                "S is not among the inputs that the slide requires. The line `while s < S` is the first that"
                " needs it.",
            ),
            Option(
                "At the first return: it gives back the wrong parameters.",
                "It does, but Python does not mind: that is no error to it. It is the worst of the four,"
                " since nobody is told.",
            ),
            Option(
                "At nothing: an algorithm on a slide can be run.",
                "Try it below. Python stops three times, and four lines of it need a repair.",
            ),
        ),
        right=1,
        slide="Recap: Gradient Descent Algorithm",
    ),
    Question(
        "07-starts",
        "The network u · ReLU(w x) has two parameters. It is trained from 289 starting points with the same"
        " data and the same rate. How many different losses will they end with?",
        (
            Option(
                "One: gradient descent finds the lowest place.",
                "It finds a place from which no small step leads down. Which one depends on the start.",
            ),
            Option(
                "289: each start has its own.",
                "Many starts end in the same valley, at different places of it, and all of these have the"
                " same loss.",
            ),
            Option(
                "About three: a good fit, a poor one, stuck runs.",
                "With w above 0 the unit sees the positive x, with w below 0 the negative ones. And near"
                " w = 0 it says nearly 0 to everything, and a run gets stuck.",
            ),
        ),
        right=2,
        slide="Parameter Initialisation",
    ),
    Question(
        "07-zero",
        "A network of four hidden ReLU units begins with all parameters at 0. What does training do?",
        (
            Option(
                "It is slow at first, then it speeds up.",
                "With h = 0 no gradient reaches U, and with U = 0 none reaches W. All are 0, so there is no"
                " first step.",
            ),
            Option(
                "Nothing: every gradient is 0, whatever the rate is.",
                "h = ReLU(0) = 0 makes ∂ℓ/∂U = 0, and U = 0 makes ∂ℓ/∂h = 0. The place is not the lowest, but"
                " it is flat.",
            ),
            Option(
                "It works as from any other start: 0 is a number like others.",
                "It is the one at which every product in the network is 0, and so is every product on the way"
                " back.",
            ),
        ),
        right=1,
        slide="Parameter Initialisation",
    ),
    Question(
        "07-alike",
        "Now W is not 0, but all four units begin with the same weights, the same bias, and the same"
        " column in"
        " U. What does training do?",
        (
            Option(
                "The units become different: each learns something else.",
                "What should make them different? They see the same, say the same, and get the same"
                " gradient.",
            ),
            Option(
                "Nothing: every gradient is 0.",
                "The gradients are not 0 here, and the loss falls. But look at them: how do the units'"
                " differ?",
            ),
            Option(
                "The units move, and always stay alike.",
                "Equal units get equal gradients, so they stay equal after every step: four units that can do"
                " what one can. A random start breaks the symmetry.",
            ),
        ),
        right=2,
        slide="Parameter Initialisation",
    ),
    Question(
        "07-criterion",
        "The slide stops when θₛ₊₁ − θₛ < τ. θ has one number, which is 5 before the update and 1"
        " after it."
        " τ is 0.01. What does the slide's criterion say, read to the letter?",
        (
            Option(
                "Converged: 1 − 5 = −4 is smaller than 0.01.",
                "Any fall passes, however long it is. What is meant is the length of the change, and a length"
                " is never below 0.",
            ),
            Option(
                "Not converged: 4 is far larger than 0.01.",
                "That is what is meant: the length of the change. It is not what stands on the slide.",
            ),
            Option(
                "An error: numbers cannot be compared with τ.",
                "A number can. With an array one would get an answer for each entry.",
            ),
        ),
        right=0,
        slide="Stopping Criteria",
    ),
    Question(
        "07-tiny-rate",
        "On the bowl w²/2 + 5u², from w = −4 and u = 1, gradient descent stops once an update is shorter than"
        " τ = 0.01. With which of these rates does it stop soonest?",
        (
            Option(
                "With a good one, 0.1: it is at the bottom first.",
                "It takes 37 steps to be that near. There is another rate with which the criterion is met "
                "after one.",
            ),
            Option(
                "With a tiny one, 0.0001: after one step.",
                "The update is η times the gradient. A tiny η makes it short wherever one is: the"
                " criterion is"
                " met, and nothing has been learnt.",
            ),
            Option(
                "It does not depend on the rate.",
                "The update is η times the gradient. The smaller η is, the shorter is each update.",
            ),
        ),
        right=1,
        slide="Stopping Criteria",
    ),
    Question(
        "07-patience",
        "Dev losses: 0.90, 0.70, 0.80, 0.75, 0.60. With patience 2, which evaluation, counted from 0, is"
        " kept?",
        (
            Option(
                "4, because 0.60 is the lowest.",
                "Nobody sees it. After 0.80 and 0.75 two in a row have brought no new best, and training"
                " ends.",
            ),
            Option(
                "3, because training stops there.",
                "It stops there, and then goes back: the parameters of the best evaluation so far are kept.",
            ),
            Option(
                "1, the best so far when patience ran out.",
                "0.80 and 0.75 are no new best, though 0.75 is lower than the one before it. The best of what"
                " was seen is 0.70.",
            ),
        ),
        right=2,
        slide="Stopping Criteria",
    ),
    Question(
        "07-bowl",
        "A bowl is ten times as steep in u as in w: ℓ = w²/2 + 5u². For which rates does gradient descent"
        " diverge?",
        (
            Option(
                "Above 2, as on the bowl θ²/2 of lesson 01.",
                "That holds in the direction of w alone. u has a slope of its own.",
            ),
            Option(
                "Above 0.2: in u each step multiplies by 1 − 10η.",
                "Above 0.2 that is below −1: u leaps to the other side and further out each time. The"
                " steepest"
                " direction decides for all, and w has to go slowly because of u.",
            ),
            Option(
                "Above 1.1, the mean of the two.",
                "The directions do not share: each goes its own way. One that diverges is enough.",
            ),
        ),
        right=1,
        slide="Learning Rate",
    ),
)
