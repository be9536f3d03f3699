"""What lesson 03 adds: its exercises, questions and explorers."""
