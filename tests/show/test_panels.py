"""Charts side by side: every number in its place, every name in the key, nothing beyond the axes."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.show.panels import MARKS, Arrow, Line, Panel, Point, padded, side_by_side, ticks
from tests.show.kit import texts

SVG = "{http://www.w3.org/2000/svg}"


def panel(*points, lines=(), title="Double"):
    return Panel(title, "x", "y", (0.0, 2.0), (0.0, 4.0), tuple(lines), points)


def test_every_line_and_point_has_its_name_in_the_key_and_a_guide_has_none():
    line = Line("twice x", (0.0, 2.0), (0.0, 4.0), "#0072B2")
    guide = Line("", (1.0, 1.0), (0.0, 2.0), "#5B6770", "2 3")
    picture = side_by_side([panel(Point("here", 1.0, 2.0, "#B84A00"), lines=(line, guide))], "words")
    assert texts(picture).count("twice x") == texts(picture).count("here") == 1
    assert "" not in texts(picture)
    assert picture.words == "words"


def test_a_value_lies_where_the_axes_say():
    shown = panel()
    assert shown.right(1.0) == (shown.right(0.0) + shown.right(2.0)) / 2
    assert shown.down(1.0) == shown.down(0.0) - (shown.down(0.0) - shown.down(4.0)) / 4


@pytest.mark.parametrize("place", [(3.0, 2.0), (1.0, 9.0), (-1.0, -1.0)])
def test_a_point_outside_is_hollow_at_the_border_and_says_so(place):
    picture = side_by_side([panel(Point("far", *place, "#B84A00"))], "words")
    assert "far, outside the picture" in texts(picture)
    assert picture.svg.count('fill="#fff" stroke="#B84A00"') == 2, "in the chart and in the key"
    circle = next(ET.fromstring(picture.svg).iter(f"{SVG}circle"))
    assert panel().right(0.0) <= float(circle.get("cx")) <= panel().right(2.0)
    assert panel().down(4.0) <= float(circle.get("cy")) <= panel().down(0.0)


def test_what_leaves_the_axes_is_cut_off_by_a_picture_within_the_picture():
    line = Line("steep", (0.0, 2.0), (0.0, 1e300), "#0072B2")
    picture = side_by_side([panel(lines=(line,))], "words")
    inner = next(child for child in ET.fromstring(picture.svg).iter(f"{SVG}svg") if child.get("x"))
    assert float(inner.get("height")) == panel().down(0.0) - panel().down(4.0)
    assert max(map(float, re.findall(r"-?[\d.]+", inner[0].get("points")))) < 1e5


def test_charts_are_images_of_their_own_so_that_they_wrap_and_the_words_are_read_once():
    point = Point("here", 1.0, 2.0, "#B84A00")
    picture = side_by_side([panel(point, title="Left"), panel(title="Right")], "Both rise.")
    assert re.findall(r'<img alt="([^"]*)"', picture.html) == ["Both rise.", "Right."]
    assert "flex-wrap:wrap" in picture.html
    assert [place.name for image in picture.images for place in image.places] == ["Left", "Right"]
    assert [text for image in picture.images for text in texts(image)] == texts(picture), "`svg` has them all"


def test_a_mark_at_the_border_is_whole_and_one_beyond_is_left_out():
    line = Line("measured", (0.0, 2.0, 3.0), (0.0, 4.0, 4.0), "#0072B2", marker="diamond")
    root = ET.fromstring(side_by_side([panel(lines=(line,))], "words").svg)
    clipped = next(child for child in root.iter(f"{SVG}svg") if child.get("x"))
    assert not list(clipped.iter(f"{SVG}polygon"))
    assert len(list(root.iter(f"{SVG}polygon"))) == 2 + 1, "two in the chart, one in the key"


def test_an_axis_of_whole_numbers_or_of_powers_has_no_ticks_between():
    depths = Line("tried", (-3.5, -1.0), (2, 3), "#0072B2", marker="circle")
    chart = Panel("Searches", "rate", "depth", (-4.0, -0.5), (1.8, 3.2), (depths,), x_powers=True)
    written = texts(side_by_side([chart], "words"))
    assert {"2", "3", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"} <= {*written}
    assert not [text for text in written if "." in text or "·" in text]


def test_panels_stand_side_by_side_and_have_room_for_the_longest_key():
    one = side_by_side([panel()], "words")
    lines = [Line(f"line {i}", (0.0, 1.0), (0.0, 1.0), "#000", dash=f"{i} 2") for i in range(5)]
    two = side_by_side([panel(), panel(lines=lines)], "words")
    sizes = [
        [float(ET.fromstring(picture.svg).get(side)) for side in ("width", "height")]
        for picture in (one, two)
    ]
    assert sizes[1][0] == 2 * sizes[0][0]
    assert sizes[1][1] > sizes[0][1]


@pytest.mark.parametrize("marker", [*MARKS])
def test_what_only_colour_tells_apart_is_refused(marker):
    blue, orange = (Point(name, 1.0, 1.0, name, marker) for name in ("blue", "orange"))
    with pytest.raises(ValueError, match="only colour tells 'blue' from 'orange'; another marker"):
        panel(blue, orange)
    panel(blue, Point("a circle", 1.0, 1.0, "blue"))
    solid = Line("solid", (0.0, 1.0), (0.0, 1.0), "blue")
    with pytest.raises(ValueError, match=r"only colour tells 'solid' from 'other'; .* dash was expected"):
        panel(lines=(solid, replace(solid, name="other", colour="orange")))
    panel(lines=(solid, replace(solid, name="dashed", dash="7 4"), replace(solid, name="")))


def test_what_cannot_be_drawn_is_refused_with_a_reason():
    with pytest.raises(ValueError, match="nothing to draw; at least one panel"):
        side_by_side([], "words")
    for ends in ((0.0, 0.0), (1.0, 0.0), (0.0, float("nan")), (0.0, float("inf"))):
        with pytest.raises(
            ValueError, match=r"panel 'Double': the range of 'x' is .* low < high was expected"
        ):
            replace(panel(), x_range=ends)
        with pytest.raises(ValueError, match="panel 'Double': the range of 'y' is"):
            replace(panel(), y_range=ends)
    with pytest.raises(ValueError, match="at least one was expected"):
        padded([])


def test_names_are_written_as_they_are():
    picture = side_by_side([panel(Point("a < b & c", 1.0, 1.0, "#000"), title="<&>")], "words")
    assert "a < b & c" in texts(picture)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4))
def test_ticks_are_few_round_and_within_the_ends(low, width):
    found = ticks(low, low + width)
    assert 2 <= len(found) <= 7
    assert all(low - 1e-6 * width <= tick <= low + width + 1e-6 * width for tick in found)
    gaps = [b - a for a, b in pairwise(found)]
    assert max(gaps) == pytest.approx(min(gaps), rel=1e-3)


def test_ticks_between_tiny_numbers_are_told_apart():
    assert ticks(0.0, 3e-12) == [0.0, 5e-13, 1e-12, 1.5e-12, 2e-12, 2.5e-12, 3e-12]


def test_an_arrow_ends_in_its_head_and_one_too_short_has_none():
    shown = panel()
    long = Arrow("uphill", 0.0, 0.0, 1.0, 2.0, "#0072B2")
    short = Arrow("", 0.0, 0.0, 0.001, 0.0, "#B84A00")
    picture = side_by_side([replace(shown, arrows=(long, short))], "words")
    heads = [element.get("points") for element in ET.fromstring(picture.svg).iter(f"{SVG}polygon")]
    assert heads[0].startswith(f"{shown.right(1.0):.1f},{shown.down(2.0):.1f} ")
    assert len(heads) == 2, "the long one's head, and that in the key"
    assert texts(picture).count("uphill") == 1


def test_a_line_with_a_marker_marks_each_of_its_points_and_joins_none():
    line = Line("measured", (0.0, 1.0, 2.0), (0.0, 1.0, 2.0), "#0072B2", marker="circle")
    svg = ET.fromstring(side_by_side([panel(lines=(line,))], "words").svg)
    assert len(list(svg.iter(f"{SVG}circle"))) == 3 + 1, "and one in the key"
    assert not list(svg.iter(f"{SVG}polyline"))


def test_an_axis_of_powers_writes_its_ticks_as_powers_of_ten():
    powers = Panel("V", "h", "error", (-15.0, 0.0), (-4.0, 0.0), x_powers=True, y_powers=True)
    shown = texts(side_by_side([powers], "words"))
    assert {"10⁻¹⁵", "10⁻¹⁰", "10⁻⁵", "1", "10⁻⁴"} <= set(shown)


def test_a_point_without_a_name_is_drawn_and_not_in_the_key():
    picture = side_by_side([panel(Point("", 1.0, 2.0, "#B84A00", "square"))], "words")
    assert len(list(ET.fromstring(picture.svg).iter(f"{SVG}polygon"))) == 1
    assert "" not in texts(picture)
