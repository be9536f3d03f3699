"""What lesson 10 adds: its exercises, questions and explorers."""
