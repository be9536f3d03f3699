"""What lesson 05 adds: its exercises, questions and explorers."""
