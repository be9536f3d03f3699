"""What lesson 00 adds: its exercises, questions and explorers."""
