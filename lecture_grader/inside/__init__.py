"""What runs in the sandbox, beside a lecture_lib without checks: it knows no expected value."""
