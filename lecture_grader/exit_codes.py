"""What the command ends with; `lecture-grader run --help` says what each means."""

ALL_WELL, NEEDS_A_HUMAN, NO_SANDBOX, NOTHING_THERE, BUSY, NO_CLUSTER, NO_ROOM = 0, 1, 3, 4, 5, 6, 7
OUR_FAULT, STOPPED = 70, 130
