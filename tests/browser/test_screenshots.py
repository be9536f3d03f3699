"""`make screenshots`: the lessons as they look, to leaf through."""

from concurrent.futures import ThreadPoolExecutor

from tools import screenshots


def test_a_lesson_is_taken_screen_by_screen_wide_and_narrow_in_a_page_that_shows_all(tmp_path):
    folder = tmp_path / "taken"
    with ThreadPoolExecutor(1) as apart:  # this thread may have a browser of its own already
        apart.submit(screenshots.main, ["00"], folder, {"light": "JupyterLab Light"}).result()
    names = sorted(path.name for path in folder.glob("*.png"))
    wide = [name for name in names if name.startswith("00_1280_light_")]
    narrow = [name for name in names if name.startswith("00_768_light_")]
    assert {*wide, *narrow} == {*names}
    assert 1 < len(wide) <= len(narrow), "text needs more lines in a narrow window"
    assert len({(folder / name).read_bytes() for name in names}) == len(names), "each shows another part"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert all(f'src="{name}"' in page for name in names)
