"""Where the boxes of a graph go."""
