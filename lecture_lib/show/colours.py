"""The colours of every picture: dark enough on white, and told apart by those who see few colours.

Nothing depends on colour alone: lines have dashes as well, points have shapes, and all have names.
"""

BLUE = "#0072B2"
ORANGE = "#B84A00"
GREEN = "#2F7D4F"
PURPLE = "#7A3E9D"
INK = "#1F2933"
GREY = "#5B6770"
PALE = "#B9C3CC"
GRID = "#D5DBE1"
