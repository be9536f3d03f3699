"""The right numeric gradient, as a student would write it, and its mistakes as edits."""

from __future__ import annotations

from lecture_lib.exercises import Edit, RightAnswer

NUMERIC_GRADIENT = RightAnswer(
    "numeric_gradient",
    """
    def numeric_gradient(f, theta, h=1e-5):
        moved = np.array(theta, dtype=float)
        gradient = np.zeros(moved.shape)
        for place in np.ndindex(moved.shape):
            before = moved[place]
            moved[place] = before + h
            above = f(moved)
            moved[place] = before - h
            below = f(moved)
            moved[place] = before
            gradient[place] = (above - below) / (2 * h)
        return gradient
    """,
)
_QUOTIENT = "(above - below) / (2 * h)"
_OWN, _BACK = "moved = np.array(theta, dtype=float)", "        moved[place] = before\n"
_PLACES, _KEPT = "np.ndindex(moved.shape)", "np.zeros(moved.shape)"
_COPY = {"before = moved[place]": "before = moved[place].copy()"}  # of a row, which else moves with moved
_MOVES = (
    "before = moved[place]\n        moved[place] = before + h\n        above = f(moved)\n"
    "        moved[place] = before - h\n        below = f(moved)\n        moved[place] = before"
)
_BY_A_VECTOR = (
    "unit = np.eye({size})[place]\n        above = f(moved + h * unit)\n        below = f(moved - h * unit)"
)
_BY_ARITHMETIC = (
    "moved[place] += h\n        above = f(moved)\n        moved[place] -= 2 * h\n        below = f(moved)"
)
_UP_AND_BACK = (
    "moved[place] += h\n        above = f(moved)\n        moved[place] -= h\n        below = f(moved)"
)
_ITSELF = "moved = theta if theta.dtype == float else theta.astype(float)"
NUMERIC_MISTAKES = (
    Edit("only one axis", (
        {_PLACES: "range(len(moved))", _KEPT: "np.zeros(len(moved))", **_COPY},
        {_PLACES: "range(len(moved))", **_COPY},
        {_PLACES: "range(moved.size)", _KEPT: "np.zeros(moved.size)", **_COPY},
        *(
            {_PLACES: f"range({size})", _MOVES: _BY_A_VECTOR.format(size=size), **kept}
            for size in ("len(moved)", "moved.size")
            for kept in ({_KEPT: f"np.zeros({size})"}, {})
        ),
    ),
         "Your loop counts along the first axis, or moves theta by a vector. A table has rows there, and a"
         " single number has no length. How can every place of any shape be visited?"),
    Edit("only two axes",
         {_PLACES: "[(i, j) for i in range(moved.shape[0]) for j in range(moved.shape[1])]", **_COPY},
         "Your loops count rows and columns. How can every place be visited, however many axes there are?"),
    Edit("the step in place of the coordinate", (
        {"moved[place] = before + h": "moved[place] = h", "moved[place] = before - h": "moved[place] = -h"},
        {"moved[place] = before + h": "moved[place] = h"},
    ),
         "The coordinate is replaced by h: where it was before is lost. From which number should it be moved"
         " by h?"),
    Edit("a step that depends on theta", (
        {"moved[place] = before + h": "moved[place] = before * (1 + h)"},
        {"moved[place] = before - h": "moved[place] = before * (1 - h)"},
    ),
         "You multiply the coordinate, so a large one moves far and one that is 0 not at all. By how much"
         " should each be moved?"),
    Edit("one side alone", ({"before - h": "before", "(2 * h)": "h"},
                            {"before + h": "before", "(2 * h)": "h"}),
         "You take the slope between θ and one neighbour, which leans to that side. Which two places does the"
         " formula take?"),
    Edit("one side alone, divided by 2h", ({"before - h": "before"}, {"before + h": "before"}),
         "The two places that you compare are h apart. By what do you divide?"),
    Edit("two steps to one side", ({"before + h": "before + 2 * h", "before - h": "before"},
                                   {"before + h": "before", "before - h": "before - 2 * h"}),
         "You move by 2h to one side. The formula compares one place on each side of θ: which two?"),
    Edit("half the step", {"before + h": "before + h / 2", "before - h": "before - h / 2", "(2 * h)": "h"},
         "You move by h/2. It is a slope to both sides, and not the one that is asked: how far does the"
         " formula move θ?"),
    Edit("half the step, divided by 2h", {"before + h": "before + h / 2", "before - h": "before - h / 2"},
         "You move by h/2 to each side and divide by 2h. How far apart are the two places then?"),
    Edit("divided without decimals", {_QUOTIENT: "(above - below) // (2 * h)"},
         "Your slopes are whole numbers, cut off below: // divides so. Which sign divides without cutting?"),
    Edit("twice the step", {"before + h": "before + 2 * h", "before - h": "before - 2 * h"},
         "You move by 2h to each side and divide by 2h. How far apart are the two places then?"),
    Edit("divided by h twice", ({_QUOTIENT: "(above - below) / h**2"},
                                {_QUOTIENT: "(above - below) / (2 * h**2)"},
                                {_QUOTIENT: "(above - below) / (2 * h) ** 2"}),
         "There is an h too many below the line. How far apart are the two places that you compare?"),
    Edit("no sign", ({_QUOTIENT: "abs(above - below) / (2 * h)"},),
         "You take the difference without its sign. What does the sign of a slope say?"),
    Edit("a share of theta for the step", {"before + h": "before * (1 + h)",
                                           "before - h": "before * (1 - h)"},
         "You move each coordinate by a share of itself, and divide by 2h. How far has it been moved?"),
    Edit("divides by h", {"(2 * h)": "h"},
         "You divide by h alone. How far apart are θ + h and θ − h?"),
    Edit("not divided by the step", {_QUOTIENT: "above - below"},
         "You give by how much f changes. A slope is a change for each unit of the step: which division is"
         " missing?"),
    Edit("multiplied by the step", ({_QUOTIENT: "(above - below) * (2 * h)"},
                                    {_QUOTIENT: "(above - below) * h"}),
         "You multiply by the step. A slope is a change for each unit of the step: which sign stands between"
         " the two?", entire=True),  # with a tiny h it is nearly 0, as a step that is lost gives
    Edit("divided by 2 alone", {"(2 * h)": "2"},
         "A slope that is divided by 2 alone shrinks with h. How far apart are θ + h and θ − h?"),
    Edit("brackets left out above", ({_QUOTIENT: "above - below / (2 * h)"},
                                      {_QUOTIENT: "above - below / h", "before - h": "before"}),
         "Python divides before it subtracts: only the second value is divided. Where do brackets belong?"),
    Edit("brackets left out below", {"(2 * h)": "2 * h"},
         "a / 2 * h divides by 2 and then multiplies by h. Where do brackets belong?",
         entire=True),  # with a tiny h it is nearly 0, as a step that is lost gives
    Edit("brackets left out twice", {_QUOTIENT: "above - below / 2 * h"},
         "Python divides and multiplies before it subtracts. Which brackets does the fraction need, above and"
         " below the line?"),
    Edit("the sign exchanged", {"(above - below)": "(below - above)"},
         "Slopes of yours have the other sign. Which of the two values is taken away from which?"),
    Edit("the values added", {"above - below": "above + below"},
         "You add the two values of f. A slope comes from their difference: which sign stands between them?"),
    Edit("h not used",
         tuple({_OWN: f"h = {own}\n    {_OWN}"}
               for own in ("1e-5", "0.1", "0.01", "1e-3", "1e-4", "1e-6", "1")),
         "With a large h you give what a tiny one gives. Is h, the third argument, what you move by, in one"
         " step to each side?"),
    Edit("steps that stay", {
        "gradient = np.zeros(moved.shape)": "gradient, step = np.zeros(moved.shape), np.zeros(moved.shape)",
        "before = moved[place]\n        moved[place] = before + h\n        above = f(moved)\n"
        "        moved[place] = before - h\n        below = f(moved)\n        moved[place] = before":
        "step[place] = h\n        above = f(moved + step)\n        below = f(moved - step)",
    },
         "From the second coordinate on, the ones before it are moved as well. When does the step of one"
         " coordinate become 0 again?"),
    Edit("a number for an array without axes", (
        {_OWN: "moved = theta * 1.0"}, {_OWN: "moved = theta + 0.0"},
    ),
         "Where theta is a single number, an array of shape (), arithmetic such as theta * 1.0 gives a"
         " number and no array, and a number cannot be written into. What makes an array of any shape?"),
    Edit("the step too small by default", {"h=1e-5": "h=1e-15"},
         "With a step of 1e-15 rounding is all that is left. Which h is asked where nobody says one?"),
    Edit("only the first coordinate", ({"    return gradient": "        return gradient"},
                                       {_QUOTIENT: f"{_QUOTIENT}\n        break"}),
         "Only the first place gets a slope, the others stay 0. When does the loop end, or the function"
         " return?", alone=True),
    Edit("theta stays changed", (
        {_BACK: ""},
        {_OWN: _ITSELF, _BACK: ""},
        {_OWN: "moved = theta.copy()", _MOVES: _BY_ARITHMETIC},
        {_OWN: "moved = theta.copy()", _MOVES: f"{_BY_ARITHMETIC}\n        moved[place] += 2 * h"},
    ),
         "A coordinate that has been moved stays moved, so the next slope is taken at another place. When is"
         " the old value put back?"),
    Edit("put back as 0", {"moved)\n        moved[place] = before\n": "moved)\n        moved[place] = 0\n"},
         "A coordinate that has had its turn is set to 0, so the next slope is taken at another place. What"
         " was it before it was moved?"),
    Edit("whole numbers cut the step off", (
            {"dtype=float": "copy=True"},
            {"dtype=float": "copy=True", "np.zeros(moved.shape)": "np.zeros_like(moved)"},
            {_OWN: "moved = theta"},
            {_OWN: "moved = theta", "np.zeros(moved.shape)": "np.zeros_like(moved)"},
            {_OWN: "moved = theta.copy()", _MOVES: f"{_BY_ARITHMETIC}\n        moved[place] += h"},
            {_MOVES: "step = np.zeros_like(theta)\n        step[place] = h\n        above = f(moved + step)\n"
                     "        below = f(moved - step)"}),
         "An array of whole numbers stays one: what is put in is cut, 1.00001 to 1, and 0.00001 to 0. Of"
         " which type should the array be that you put the step into?"),
    Edit("the result in whole numbers", ({"np.zeros(moved.shape)": "np.zeros_like(theta)"},
                                         {"np.zeros(moved.shape)": "np.zeros(moved.shape, dtype=int)"},
                                         {"return gradient": "return gradient.astype(theta.dtype)"}),
         "Slopes of yours are whole numbers: cut off. Of which type is the array that you"
         " collect them in?"),
    Edit("flattened", {"return gradient": "return gradient.ravel()"},
         "The slopes are in one row. Which shape has theta, and so its gradient?"),
    Edit("transposed", {"return gradient": "return gradient.T"},
         "Rows and columns are exchanged. Which slope belongs at the place [0, 1]?"),
    Edit("a sum for the gradient", {"return gradient": "return gradient.sum()"},
         "You add the slopes up to one number. Which shape is asked?"),
    Edit("divided by how many there are", {"(2 * h)": "(2 * h * max(1, moved.size))"},
         "Each slope is divided by the number of coordinates. Does one partial derivative know how many"
         " others there are?"),
    Edit("only the last slope", {"gradient[place] = ": "gradient = "},
         "You give one number, the slope of the last coordinate. Where does each slope of the loop go?",
         alone=True),
    Edit("a running sum", {"gradient[place] = ": "gradient[...] += "},
         "Each place gets the slopes of other coordinates too. Which slope belongs there?"),
    Edit("theta after a step", tuple({"return gradient": f"return theta - {rate:g} * gradient"}
                                     for rate in (1, 0.1, 0.01)),
         "You give theta after a step of gradient descent. The gradient itself is asked: what comes before"
         " the step?", alone=True),
    Edit("one side alone, by a step and back",
         tuple({_OWN: own, _MOVES: _UP_AND_BACK} for own in ("moved = theta.copy()", _OWN + " * 1.0")),
         "The place below is θ itself: the step up is taken back, and no step down is made. Which two places"
         " does the formula take, and how far apart are they?"),
    Edit("f of a row", (
        {"above = f(moved)": "above = f(moved.ravel())"},
        {"dtype=float": "copy=True", "above = f(moved)": "above = f(moved.ravel())"},
    ),
         "You hand f the numbers of theta in one row, and f takes an array of theta's shape. Which function"
         " gives a row the shape of theta again?"),
    Edit("NumPy's own gradient", {"return gradient": "return np.gradient(f(theta), h)"},
         "np.gradient takes the differences between the entries of an array. f gives one number, and it is f"
         " that is to be asked at other places: which ones?", alone=True),
    Edit("values, not slopes", {_QUOTIENT: "above"},
         "You give f at the moved place. What is to be done with the two values of f?"),
)  # fmt: skip
