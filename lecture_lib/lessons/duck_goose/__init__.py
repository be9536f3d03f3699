"""What several lessons ask about: the duck/goose network, and a student's own version of it."""

from .example import Example, example_of, my_example
