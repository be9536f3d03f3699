"""One maker of tables: heads for screen readers, everything escaped, the same in aligned lines."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.common import Html, Table, TableStyle, aligned

cells = st.text(st.characters(exclude_categories=["C"]), max_size=8)
tables = st.integers(1, 4).flatmap(
    lambda wide: st.tuples(
        st.lists(cells.filter(bool), min_size=wide, max_size=wide),
        st.lists(st.lists(cells, min_size=wide, max_size=wide), min_size=1, max_size=4),
    )
)


@given(cells, tables)
def test_every_cell_is_in_the_html_and_each_row_and_column_has_a_head(caption, table):
    head, rows = table
    found = ET.fromstring(Table(caption, head, rows).html)
    assert [e.text or "" for e in found.findall(".//th[@scope='col']")] == head
    assert [e.text or "" for e in found.findall(".//th[@scope='row']")] == [row[0] for row in rows]
    assert [e.text or "" for e in found.findall(".//td")] == [cell for row in rows for cell in row[1:]]
    assert (found.findtext("caption") or "") == caption


@given(tables)
def test_the_cells_of_a_column_begin_below_each_other(table):
    head, rows = table
    lines = aligned([head, *rows], "  ").split("\n")
    assert len(lines) == 1 + len(rows)
    start = 2
    for place in range(len(head)):
        for line, row in zip(lines, [head, *rows], strict=True):
            assert line[start:].startswith(row[place].rstrip())
        start += max(len(row[place]) for row in [head, *rows]) + 2


def test_a_cell_may_be_html_and_has_its_words():
    table = Table("", ["name"], [[Html('<a href="x">one &amp; two</a>', "one & two")]], TableStyle(cell=""))
    assert '<th scope="row"><a href="x">one &amp; two</a></th>' in table.html
    assert table.words == "name\none & two"


def test_a_head_that_says_nothing_is_no_head():
    assert Table("", ["", "now"], [["p", "1"]]).html.count('scope="col"') == 1
