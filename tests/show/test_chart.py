"""Line charts: the drawing and its words come from the data, and only what changes is drawn anew."""

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import matplotlib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib.show.chart import line_chart
from lecture_lib.show.chart_axes import BOTTOM, LEFT, TOP, axes_for, background
from lecture_lib.show.chart_words import trend, written
from tests.show.kit import texts, written_in

SVG = "{http://www.w3.org/2000/svg}"


def polylines(picture):
    root = ET.fromstring(picture.svg)
    return [
        [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        for line in root.iter(f"{SVG}polyline")
    ]


drawn = settings(max_examples=25, deadline=None)  # new axes take Matplotlib some 50 ms
values = st.lists(st.floats(-1e4, 1e4, allow_nan=False), min_size=2, max_size=40)


@drawn
@given(values)
def test_every_value_is_drawn_where_its_axes_say(series):
    (line,) = polylines(line_chart({"loss": series}, log=False))
    axes = axes_for({"loss": series}, 0, None, None, False, None)
    assert line == [(round(axes.x(i), 1), round(axes.y(v), 1)) for i, v in enumerate(series)]


@drawn
@given(values, st.integers(0, 39))
def test_the_axes_stay_while_a_line_grows(series, until):
    until = min(until, len(series) - 1)
    whole, part = (line_chart({"loss": series}, until=end, log=False) for end in (None, until))
    assert texts(whole)[:-1] == texts(part)[:-1]
    if until:
        assert polylines(part)[0] == polylines(whole)[0][: until + 1]


@given(values)
def test_the_axes_hold_all_values_with_round_ends(series):
    axes = axes_for({"loss": series}, 0, None, None, False, None)
    assert all(axes.holds(value) for value in series)
    assert axes.low_y <= 0, "a loss is shown from 0, or its fall would look larger than it is"


def test_a_label_of_the_axis_stands_where_its_number_is():
    chart = line_chart({"loss": [0.861, 0.7, 0.5]})
    axes = axes_for({"loss": [0.861, 0.7, 0.5]}, 0, None, None, None, None)
    labels = [line for line in written_in(chart) if line.words in ("0.2", "0.8")]
    assert len(labels) == 2
    for line in labels:
        # Matplotlib puts the number's base line a few pixels below the tick that it names.
        assert line.y == pytest.approx(axes.y(float(line.words)) + 4.5, abs=1.5)


@pytest.mark.parametrize("y_range", [(0.5, 300), (0.5, 600), (0.2, 3000), (0.1, 100)])
def test_a_power_of_ten_stands_where_its_number_is_whatever_the_range(y_range):
    chart = line_chart({"loss": [2.0, 50.0]}, log=True, y_range=y_range)
    axes = axes_for({"loss": [2.0, 50.0]}, 0, None, y_range, True, None)
    heights = {line.words: line.y for line in written_in(chart)}
    for text, value in (("10¹", 10.0), ("10²", 100.0)):
        assert heights[text] == pytest.approx(axes.y(value) + 4.5, abs=1.5)
    assert "10⁴" not in heights


@pytest.mark.parametrize(
    ("y_range", "ends"), [((2, 9), ("2", "9")), ((0.5, 9), ("0.5", "9")), ((2000, 9000), ("2000", "9000"))]
)
def test_an_axis_between_two_powers_of_ten_has_its_ends_for_numbers(y_range, ends):
    chart = line_chart({"loss": [y_range[0], y_range[1]]}, log=True, y_range=y_range)
    heights = {
        line.words: line.y
        for line in written_in(chart)
        if line.x < LEFT and line.y < BOTTOM + 9 and not line.turned
    }
    assert heights == pytest.approx({ends[0]: BOTTOM + 4.5, ends[1]: TOP + 4.5}, abs=1.5)


def test_a_known_series_is_drawn_from_the_upper_left_to_the_lower_right():
    (line,) = polylines(line_chart({"loss": [1.0, 0.5, 0.0]}, y_range=(0, 1)))
    assert line == [(66.0, 18.0), (233.0, 145.0), (400.0, 272.0)]


@pytest.mark.parametrize(
    "names",
    [
        ("moving each", "one pass back"),
        ("batch", "training data", "dev"),
        ("training loss", "development loss"),
        ("right", "softmax_twice", "no_logarithm"),
        ("shown", "on new texts"),
    ],
)
def test_a_lessons_chart_with_its_names_needs_no_moving_in_a_window_of_700_pixels(names):
    chart = line_chart({name: [0.6013, -0.01234] for name in names})
    inside_an_explorer = 547
    (needed,) = re.findall(r"min-width:max\((\d+)px", chart.html)
    assert int(needed) <= inside_an_explorer


def test_powers_of_ten_are_equally_far_apart():
    (line,) = polylines(line_chart({"loss": [1.0, 1e3, 1e6]}))
    heights = [y for _, y in line]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=0.11)
    assert "10⁶" in texts(line_chart({"loss": [1.0, 1e3, 1e6]}))


def test_a_value_that_is_no_number_leaves_a_gap_and_is_told():
    chart = line_chart({"loss": [1.0, 0.9, math.nan, 0.7, 0.6]})
    assert [len(line) for line in polylines(chart)] == [2, 2]
    assert "At step 2 it is no longer a finite number." in chart.words
    assert "Its last number after that is 0.6, at step 4." in chart.words
    assert trend("loss", [math.nan, math.inf, 0.9, 0.8]) == (
        "loss is no finite number before step 2. loss falls from 0.9 at step 2 to 0.8 at step 3."
    )


@pytest.mark.parametrize(
    ("level", "y_range"), [(5.0, (0, 3)), (math.inf, None), (-math.inf, None), (math.nan, None)]
)
def test_a_level_that_the_axes_do_not_hold_is_not_said_to_be_drawn(level, y_range):
    chart = line_chart({"loss": [1.0, 2.0]}, level=("best", level), y_range=y_range)
    assert "best" not in texts(chart)
    assert "thin line" not in chart.words
    assert re.search(r"best, .+, is not within the axes\.", chart.words)
    assert "The thin line across is best, 2." in line_chart({"loss": [1.0]}, level=("best", 2.0)).words


def test_lines_differ_in_more_than_colour_and_are_named_where_they_end():
    chart = line_chart({"train": [1.0, 0.5, 0.3], "dev": [1.0, 0.6, 0.55]}, x="pass")
    lines = list(ET.fromstring(chart.svg).iter(f"{SVG}polyline"))
    assert len({line.get("stroke-dasharray") for line in lines}) == 2
    assert texts(chart)[-2:] == ["dev 0.55", "train 0.3"], "from top to bottom, as the lines end"


@drawn
@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_names_never_overlap_and_stay_in_the_picture(ends):
    chart = line_chart({name: [1.0, end] for name, end in zip("abcd", ends, strict=True)})
    heights = [line.y for line in written_in(chart) if line.words[:2] in ("a ", "b ", "c ", "d ")]
    assert len(heights) == 4
    assert all(below - above >= 17.9 for above, below in pairwise(heights))
    assert all(0 < y < 300 for y in heights)


def extents(picture):
    """Left, right, top and bottom of every text; turned text lies on its side."""
    for line in written_in(picture):
        if line.turned:
            yield line.x - 0.72 * line.size, line.x + 0.2 * line.size, line.y - line.width, line.y
        else:
            yield line.x, line.right, line.y - 0.72 * line.size, line.y + 0.2 * line.size


names = st.sampled_from(
    ["loss", "training loss", "development loss", "development accuracy, words in capitals"]
)
any_values = st.lists(st.floats(-1e12, 1e12) | st.floats(1e-12, 1e12), min_size=2, max_size=9)


@drawn
@given(st.dictionaries(names, any_values, min_size=1, max_size=4), st.integers(0, 8))
def test_no_text_leaves_the_picture(series, until):
    for picture in (line_chart(series, y="development loss"), line_chart(series, until=until)):
        left, top, width, height = map(float, ET.fromstring(picture.svg).get("viewBox").split())
        for x, right, y, bottom in extents(picture):
            assert left <= x
            assert right <= left + width
            assert top <= y
            assert bottom <= top + height


@drawn
@given(st.dictionaries(names, any_values, min_size=1, max_size=4), st.integers(0, 8))
def test_the_picture_keeps_its_size_while_its_lines_grow(series, until):
    whole, part = (ET.fromstring(line_chart(series, until=end).svg) for end in (None, until))
    assert whole.get("viewBox") == part.get("viewBox")


def test_the_same_data_give_the_same_bytes_drawn_anew():
    first = line_chart({"loss": [0.9, 0.4]}, level=("log 2", 0.69)).svg
    background.cache_clear()
    assert line_chart({"loss": [0.9, 0.4]}, level=("log 2", 0.69)).svg == first
    assert not re.search(r"20\d\d-\d\d|[Mm]atplotlib v", first)


@pytest.mark.parametrize(
    "own",
    [
        {"savefig.bbox": "tight"},
        {"axes.grid": True},
        {"axes.labelsize": 40},
        {"text.usetex": True},
        {"axes.formatter.use_mathtext": True},
    ],
)
def test_what_a_notebook_sets_for_its_own_matplotlib_pictures_changes_no_chart(own):
    chart = line_chart({"loss": [0.9, 4e5]}, log=False).svg
    background.cache_clear()
    with matplotlib.rc_context(own):
        assert line_chart({"loss": [0.9, 4e5]}, log=False).svg == chart
        assert matplotlib.rcParams[next(iter(own))] == next(iter(own.values()))


def test_the_axes_are_drawn_once_for_all_states():
    background.cache_clear()
    for until in range(5):
        line_chart({"loss": [0.9, 0.7, 0.6, 0.5, 0.4]}, until=until)
    assert background.cache_info().misses == 1


def test_words_tell_a_fall_a_rise_a_turn_and_a_standstill():
    assert trend("loss", [0.9, 0.8, 0.5]) == "loss falls from 0.9 at step 0 to 0.5 at step 2."
    assert trend("loss", [0.5, 0.5, 0.9]) == "loss rises from 0.5 at step 0 to 0.9 at step 2."
    assert trend("loss", [0.5, 0.5]) == "loss stays at 0.5 from step 0 to step 1."
    assert trend("dev", [0.9, 0.4, 0.6], "pass", 1) == (
        "dev goes from 0.9 at pass 1 to 0.6 at pass 3; it is lowest, 0.4, at pass 2, and rises 1 time."
    )
    assert trend("dev", [0.9, 0.7, 0.8, 0.6]) == (
        "dev goes from 0.9 at step 0 to 0.6 at step 3; it rises 1 time."
    )
    assert trend("loss", [0.9, 0.5, 0.5, 0.5, 0.5, 0.5]).endswith("From step 1 on it stays there.")
    assert trend("loss", [math.nan]) == "loss is no number from step 0 on."


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=30))
def test_words_name_the_first_and_the_last_value(series):
    said = trend("loss", series)
    if "stays" not in said:
        assert f"from {written(series[0])} at step 0" in said
        assert f"to {written(series[-1])} at step {len(series) - 1}" in said


@given(st.floats(1e-300, 1e300))
def test_a_written_number_is_near_the_number(value):
    text = written(value).translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert float(text.replace(" × 10", "e")) == pytest.approx(value, rel=6e-3)
    assert written(-value) == "−" + written(value)


def test_what_cannot_be_drawn_is_refused_with_a_reason():
    with pytest.raises(ValueError, match="nothing to draw"):
        line_chart({})
    with pytest.raises(ValueError, match="nothing to draw"):
        line_chart({"loss": []})
    with pytest.raises(ValueError, match="5 series were given"):
        line_chart({name: [1.0] for name in "abcde"})
    with pytest.raises(ValueError, match="powers of ten cannot show −1"):
        line_chart({"loss": [-1.0, 1.0]}, log=True)
    with pytest.raises(ValueError, match="the range 1 to 1 holds nothing"):
        line_chart({"loss": [1.0]}, y_range=(1, 1))
