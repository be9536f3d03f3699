"""A place where a submission can do nothing but answer.

`process` is that place at work, `bubblewrap` what it sees of the machine, `stage` what of ours lies in it,
`syscalls` what it may ask of the kernel. What runs there is `lecture_grader.inside`.
"""

from .process import Limits, NoSandbox, Sandbox, SandboxBroken, remove
from .stage import GRADER, LIBRARY, lessons_own
from .syscalls import NoFilter, filter_program
