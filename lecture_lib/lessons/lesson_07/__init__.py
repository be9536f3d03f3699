"""What lesson 07 adds: its exercises, questions and explorers."""
