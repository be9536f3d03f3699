"""What lesson 02 adds: its exercises, questions and explorers."""
