"""Text in pictures: outlines of one font, the same wherever they are shown."""

import base64
import re
import subprocess
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_lib as ll
from lecture_lib.show import Picture, svg
from lecture_lib.show.outlines import CLASSES, outlined, width
from solutions import build
from tests.conftest import system_chromium
from tests.show.kit import numbers_not_in_words
from tests.show.test_shown import shown

SVG = "{http://www.w3.org/2000/svg}"


@given(st.text("0123456789", min_size=1), st.sampled_from(["n", "n g"]))
def test_numbers_with_as_many_digits_are_equally_wide(digits, classes):
    assert width(digits, classes) == pytest.approx(width("0" * len(digits), classes))


@given(st.lists(st.sampled_from(["W", "h", "0", "∂", " ", "−1.50"]), min_size=2), st.sampled_from([*CLASSES]))
def test_text_is_as_wide_as_its_pieces_together(pieces, classes):
    assert width("".join(pieces), classes) == pytest.approx(sum(width(piece, classes) for piece in pieces))


def test_a_name_of_one_letter_in_a_chart_is_set_in_italics_and_a_word_is_not():
    def glyphs(written):
        return re.findall(r'href="#(g\d+)"', outlined(f'<text x="0">{written}</text>'))

    (theta,) = re.findall(r'href="#(g\d+)"', outlined('<text class="i">θ</text>'))
    for written in ("θ", "step θ", "∂ℓ/∂θ", "θ = 1.50", "length / θ", "θ₀", "&lt; θ"):
        assert theta in glyphs(written), written
    for written in ("θθ", "θ1", "the mean&#x27;θ", "a loss", "A race", "I see", "x1"):
        plain = re.findall(r'href="#(g\d+)"', outlined(f'<text class="n">{written}</text>'))
        assert glyphs(written) == plain, written


def test_a_sign_that_the_font_has_not_is_left_to_the_reader_s_own_and_not_an_empty_box():
    drawn = outlined('<text class="n">名a</text>')
    assert "<text>名</text>" in drawn
    assert drawn.count("<use") == 1, "the a"
    assert width("名a") == pytest.approx(13.5 + width("a"))


@pytest.mark.parametrize("name", list(shown()))
def test_a_picture_names_no_font_and_holds_no_text_to_be_set_by_a_browser(name):
    drawing = shown()[name].svg
    assert "font" not in drawing
    assert not list(ET.fromstring(drawing).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", list(shown()))
def test_each_glyph_is_there_once_and_each_that_is_used_is_there(name):
    root = ET.fromstring(shown()[name].svg)
    there = [path.get("id") for path in root.iter(f"{SVG}path") if (path.get("id") or "").startswith("g")]
    assert len(there) == len({*there})
    assert {use.get("href").lstrip("#") for use in root.iter(f"{SVG}use")} == {*there}


def test_every_sign_of_the_primitives_and_of_the_messages_has_a_glyph():
    signs = {sign for primitive in ll.autodiff.PRIMITIVES.values() for sign in primitive.symbol}
    for sign in signs | set("∂ℓ√Σσ∇ηθβγλτŷ₀¹²³→⋮…∞≤≥·×−÷π⁻"):
        if sign.strip():
            assert "<text" not in outlined(f'<text class="n">{sign}</text>'), f"{sign} is in no font of ours"


def test_a_letter_is_in_italics_its_index_low_and_a_word_upright():
    drawn = outlined(f'<text class="n">{svg.formula("h0 = mean X")}</text>')
    (line,) = ET.fromstring(f"<svg>{drawn}</svg>").findall("g")
    assert line.get("data-text") == "h0 = mean X"
    assert width(svg.formula("h")) == width("h", "n i") != width("h")
    assert width(svg.formula("mean")) == width("mean")


FONTS = {
    "the machine's own": "",
    "monospaced alone": "<selectfont><acceptfont><glob>*Mono*</glob></acceptfont>"
    "<rejectfont><glob>/*</glob></rejectfont></selectfont>",
    "no font at all": "<selectfont><rejectfont><glob>/*</glob></rejectfont></selectfont>",
}


def pictures_of_all_lessons():
    """Every picture that is saved in a solved notebook, as it is shown there."""
    for path in sorted((build.ROOT / "solutions").glob("*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            for output in cell.get("outputs", []):
                yield from re.findall("<img [^>]*>", output.get("data", {}).get("text/html", ""))


def test_every_number_in_a_lessons_picture_is_in_its_words():
    for image in pictures_of_all_lessons():
        alt, code = re.search('alt="([^"]*)" src="data:image/svg.xml;base64,([^"]*)"', image).groups()
        picture = Picture(base64.b64decode(code).decode(), unescape(alt))
        assert numbers_not_in_words(picture) == [], picture.words


@pytest.mark.browser
def test_every_lessons_pictures_are_the_same_to_the_pixel_whatever_fonts_a_machine_has(tmp_path):
    chromium = system_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this system")
    pictures = [*pictures_of_all_lessons()]
    assert len(pictures) > 40
    # small, so that all of them stand on one screen; each pixel is still made of their outlines
    sheet = f"<style>img {{ zoom: 0.5; float: left }}</style>{''.join(pictures)}"
    (tmp_path / "sheet.html").write_text(sheet, encoding="utf-8")
    with ThreadPoolExecutor(len(FONTS)) as at_once:
        taken = at_once.map(lambda rule: screenshot(chromium, tmp_path, rule), range(len(FONTS)))
    assert len({*taken}) == 1


def screenshot(chromium, place, number):
    """Take the sheet where the machine has the fonts of that number."""
    folder = place / str(number)
    folder.mkdir()
    rule = [*FONTS.values()][number]
    own = f"<fontconfig><dir>/usr/share/fonts</dir><cachedir>{folder}</cachedir>{rule}</fontconfig>"
    (folder / "fonts.conf").write_text(own, encoding="utf-8")
    taken = folder / "taken.png"
    subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=2000,2500",
         f"--user-data-dir={folder / 'profile'}", f"--screenshot={taken}", str(place / "sheet.html")],
        env={"FONTCONFIG_FILE": str(folder / "fonts.conf"), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
        timeout=120,
    )  # fmt: skip
    return taken.read_bytes()
