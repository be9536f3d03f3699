"""Questions of lesson 10, the whole routine on real text."""

from lecture_lib.explore import Option, Question

__all__ = ["PREDICTIONS", "RECALL"]

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
        slide="Minibatch Stochastic Gradient Descent",
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

PREDICTIONS: tuple[Question, ...] = ()
