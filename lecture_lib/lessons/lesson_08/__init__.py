"""What lesson 08 adds: its exercises and questions."""
