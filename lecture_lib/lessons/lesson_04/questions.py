"""Questions of lesson 04, Build backprop: recall of lesson 03, and predictions."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "04-path",
        "On a path from w to the loss stand the local derivatives 2, −1, 1 and 3. Another path leads from"
        " w to the "
        "loss, with 4 and 0.5. What is the derivative of the loss with respect to w?",
        (
            Option("−6 + 2 = −4", "Along a path the links multiply, and what the paths bring is added up."),
            Option(
                "−6 · 2 = −12",
                "The two paths were multiplied. A small move of w changes the loss by each path, and for a"
                " small "
                "move the two changes add up.",
            ),
            Option(
                "5 + 4.5 = 9.5",
                "Along a path the links multiply: each one stretches what the one before it did.",
            ),
            Option(
                "−6, by the longer path", "Every path counts. The shorter one brings 4 · 0.5 = 2 besides."
            ),
        ),
        right=0,
        slide="Reminder: Chain Rule of Differentiation",
    ),
    Question(
        "04-seed",
        "With which number does the backward pass begin, and at which node?",
        (
            Option("With 0, at the inputs", "At the inputs the way back ends. 0 would make every product 0."),
            Option(
                "With the loss's value, at the loss",
                "The value belongs to the forward pass. On the way back every number is a slope.",
            ),
            Option(
                "With 1, at the loss", "∂ℓ/∂ℓ = 1: the loss changes as fast as itself. It is called the seed."
            ),
            Option("With 1, at every node", "Then every node's own chain would count as if it ended there."),
        ),
        right=2,
        slide="Back-propagation",
    ),
    Question(
        "04-add-node",
        "What does d = c + b hand back to c and to b, when 5 has come back to d?",
        (
            Option("5 · b and 5 · c", "That is what a product hands back: the other factor times what came."),
            Option(
                "5 and 5", "d moves exactly as far as c does, and as far as b does: the slope is 1 for both."
            ),
            Option("2.5 and 2.5", "Nothing is shared out. Each operand, moved alone, moves d by as much."),
            Option("1 and 1", "Those are the local slopes. They are multiplied by what has come back."),
        ),
        right=1,
        slide="Working through the example",
    ),
)

PREDICTIONS = (
    Question(
        "04-shapes",
        "W has 3 rows and 2 columns. A layer computes z = W x. Which shape has what goes back to W?",
        (
            Option(
                "(3,), as z has",
                "That is the shape of what came back to z. What goes to W says how each weight matters.",
            ),
            Option(
                "(3, 2), as W has",
                "The loss has one slope for each entry of W, so the gradient has W's shape. Always.",
            ),
            Option(
                "(2, 3), as Wᵀ has",
                "A transpose comes up in the rule for x. The gradient for W is laid out as W.",
            ),
            Option(
                "(3, 2, 3): each z for each weight",
                "That would be the whole table of slopes. A rule hands on its product with what came back.",
            ),
        ),
        right=1,
        slide="Back-propagation",
    ),
    Question(
        "04-visit-early",
        "x is used by a and by b, and b uses a as well. A program visits the loss, then b, then x, then a."
        " What does x hold when the program is at its end?",
        (
            Option(
                "The right sum",
                "The sum at x itself comes out right, as a adds its part later. So think of what x would"
                " have handed on, if x had been computed from something: it would have handed on a part.",
            ),
            Option(
                "Only the contribution of b",
                "a comes later and adds its own. But whatever x had to hand on was handed on without it.",
            ),
            Option("Nothing", "b was visited before x, and it has handed its contribution to x by then."),
            Option(
                "The contribution of b twice",
                "b was visited once, and each visit hands one contribution to each operand.",
            ),
        ),
        right=0,
        slide="Back-propagation",
    ),
    Question(
        "04-forward-mode",
        "A network has a million parameters and one loss. Forward mode carries, along with each value, its"
        " slope for one chosen parameter. How many passes does it take for the whole gradient?",
        (
            Option(
                "One",
                "One pass tells how the loss moves in one direction of the parameters, not in each of them.",
            ),
            Option(
                "A million, one for each parameter",
                "One pass a parameter, where finite differences take two, and without their rounding."
                " Reverse mode starts at the one output and takes one pass for all.",
            ),
            Option(
                "Two million",
                "That is how often finite differences run the forward pass: up and down for each parameter.",
            ),
            Option(
                "As many as there are nodes",
                "Each pass goes through all nodes already. What counts is the number of inputs whose"
                " slopes are asked.",
            ),
        ),
        right=1,
        slide="Back-propagation",
    ),
    Question(
        "04-half",
        "A published assignment sends the gradient itself through ReLU, max(0, d), in place of masking it"
        " by z > 0. What happens when a network is trained like this?",
        (
            Option(
                "The program stops with an error",
                "All shapes fit, so no error comes. Nothing tells, until somebody measures.",
            ),
            Option(
                "The loss cannot fall",
                "About half of the entries have the right sign, and the layer above still gets its true"
                " gradient: the loss falls.",
            ),
            Option(
                "The loss falls, though less than it could",
                "That is why nobody noticed: a falling loss is no proof of a right gradient. You will"
                " count below.",
            ),
            Option(
                "Nothing changes: a negative gradient does not matter",
                "A negative gradient says: make this larger. Half of all messages are of that kind.",
            ),
        ),
        right=2,
        slide="Useful derivatives in NNs",
    ),
)
