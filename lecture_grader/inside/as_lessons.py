"""`lecture_lib.exercises` and `lecture_lib.lessons` in the sandbox: one signs in, all else is silent."""

from lecture_lib.exercises.comparing import compare
from lecture_lib.exercises.signing_in import student
from lecture_lib.lessons.duck_goose.example import Example, example_of, my_example

__all__ = ["Example", "compare", "example_of", "my_example", "student"]
