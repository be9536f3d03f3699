"""What lesson 10 adds: one's own functions in the routine, a text word by word, the same in PyTorch."""

from .in_pytorch import beside_pytorch, pytorch_program
from .own_functions import one_by_one
from .words_in_text import word_by_word

_NOTEBOOK = "10_real_text"
