"""`lecture_lib.exercises` and `lecture_lib.lessons` in the sandbox: all that they need not do is silent.

No file of a student's own earlier functions is here, so `mine` gives the library's.
"""

from lecture_grader.inside.checked import check
from lecture_lib.exercises.comparing import compare
from lecture_lib.exercises.signing_in import student
from lecture_lib.exercises.stand_ins import librarys as _librarys
from lecture_lib.lessons.duck_goose.example import Example, example_of, my_example

__all__ = ["Example", "check", "compare", "example_of", "mine", "my_example", "student"]


def mine(name: str) -> object:
    """Return the library's function in the place of a student's own."""
    return _librarys(name)[1]
