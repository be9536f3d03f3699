"""What an instructor runs over a class's notebooks."""
