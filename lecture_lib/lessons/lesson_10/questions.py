"""Questions of lesson 10, the whole routine on real text."""

from lecture_lib.explore import Option, Question

RECALL = (
    Question(
        "10-sgd",
        "Why may SGD take the gradient of a small random batch in place of the gradient over all the data?",
        (
            Option(
                "Because the loss over all the data falls with every step as well.",
                "It falls over many steps, but a single batch may well point the wrong way for the rest of "
                "the data. The curve of an SGD run is jagged for that reason.",
            ),
            Option(
                "Because averaged over all batches that could be drawn, it is the same gradient.",
                "For a mean loss, the batch's gradient is an unbiased estimate: its expectation is the "
                "gradient over all the data. Each step costs a fraction, and the errors of many steps "
                "cancel.",
            ),
            Option(
                "Because the sentences of a batch are so alike that their gradients agree.",
                "They often disagree strongly. Nothing is asked of the single gradients: only their mean "
                "counts, and that the batch is drawn at random.",
            ),
        ),
        right=1,
        slide="Recap: Mini-batch/Stochastic Gradient Descent",
    ),
    Question(
        "10-early-stopping",
        "After each pass the loss on the development set is 0.50, 0.41, 0.37, 0.39, 0.42. Training stops "
        "when two passes in a row bring no new best. Which parameters are kept?",
        (
            Option(
                "Those after pass 5, the last.",
                "They fit the training data best, but the development loss has been rising since pass 3. "
                "Stopping there and keeping them would keep the overfitting.",
            ),
            Option(
                "Those after pass 4, where the loss first rose.",
                "That is where the trouble first shows. The parameters before it are better: the best "
                "pass, not the first bad one.",
            ),
            Option(
                "Those after pass 3, the best.",
                "0.37 is the smallest development loss. Two more passes were made to see whether a better "
                "one comes; when none did, one goes back to the best.",
            ),
        ),
        right=2,
        slide="Stopping Criteria",
    ),
    Question(
        "10-dev-and-test",
        "Four configurations have been trained. By which numbers do you choose one, and what do you report?",
        (
            Option(
                "Choose by the development set, report the test set.",
                "The choice makes the chosen number look better than it is. Data that played no part in "
                "training or in choosing gives an honest estimate, and it is looked at once.",
            ),
            Option(
                "Choose by the test set, report the test set.",
                "It is tempting, as the test set is what counts in the end. But the best of four test "
                "results is partly luck, and after the choice no data are left that could tell.",
            ),
            Option(
                "Choose by the development set, report the development set.",
                "The choice is right. But the winner was picked for being high on just these examples, so "
                "the figure is too good.",
            ),
            Option(
                "Choose by the training set, report the development set.",
                "The training loss favours the model that overfits most. The development set is there to "
                "choose, and a third set to report.",
            ),
        ),
        right=0,
        slide="Model Selection on the Dev Set",
    ),
)

PREDICTIONS = (
    Question(
        "10-softmax-twice",
        "Somebody computes p = softmax(o), and hands p to a loss that expects the scores o and takes their "
        "softmax itself. There are two classes. How will the training loss run?",
        (
            Option(
                "It falls towards 0, as usual, only more slowly.",
                "It would need a probability near 1 after the second softmax. Of p = [1, 0] the second "
                "softmax makes [0.73, 0.27], and p cannot be better than [1, 0].",
            ),
            Option(
                "It falls, and then stays well above 0.",
                "The second softmax sees numbers between 0 and 1. At best it gives 0.73 to the true class, "
                "and −log 0.73 is 0.313.",
            ),
            Option(
                "It does not fall at all: there is no gradient.",
                "There is one: a larger score of the true class still makes this loss smaller. It is only "
                "weaker than it should be.",
            ),
        ),
        right=1,
        slide="Recap: Loss function",
    ),
    Question(
        "10-probabilities-for-logarithms",
        "Somebody hands the probabilities p to a loss that expects log p and gives minus the entry of the "
        "true class. Which values will the curve go through?",
        (
            Option(
                "From about 0.7 down to 0.",
                "That is the curve of −log p. Here no logarithm is taken: the loss is −p of the true class.",
            ),
            Option(
                "From about −0.5 down to −1.",
                "The loss is −p of the true class: −0.5 when nothing is known of two classes, −1 when all is "
                "right. A negative log-likelihood is never below 0, so this curve gives the mistake away.",
            ),
            Option(
                "None: Python stops with an error.",
                "Probabilities are numbers of the right shape. No library can see that their logarithm was "
                "meant.",
            ),
        ),
        right=1,
        slide="Recap: Loss function",
    ),
)
