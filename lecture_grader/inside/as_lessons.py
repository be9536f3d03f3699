"""`lecture_lib.exercises` and `lecture_lib.lessons` in the sandbox: one signs in, one keeps what is checked; all else is silent.

`mine` keeps no file here, so it gives the library's functions.
"""

from lecture_grader.inside.checked import check
from lecture_lib.exercises.comparing import compare
from lecture_lib.exercises.kept_functions import mine
from lecture_lib.exercises.signing_in import student
from lecture_lib.lessons.duck_goose.example import Example, example_of, my_example

__all__ = ["Example", "check", "compare", "example_of", "mine", "my_example", "student"]
