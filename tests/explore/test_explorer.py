"""An explorer without a browser: its states, its answers, and what a saved notebook keeps of it."""

import sys
from subprocess import run

import ipywidgets
import pytest
import traitlets

from lecture_lib.common import Text
from lecture_lib.explore import Choice, Explorer, Slider, Steps, Toggle, numbers
from lecture_lib.show import Group, Picture

WIDGET = "application/vnd.jupyter.widget-view+json"


def disc(step, w, kind, grid):
    if step == 3:
        raise ZeroDivisionError("three is broken")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><title>{step} {w} {kind} {grid}</title></svg>'
    return Picture(svg, f"A {kind} disc at step {step}. w is {w}, grid {grid}.")


def controls():
    return [
        Steps("step", "step", last=4),
        Slider("w", "weight w", numbers(-1, 1, 0.5), start=0.5),
        Choice("kind", "kind of disc", {"round": "circle", "square": "box"}),
        Toggle("grid", "grid", start=True),
    ]


@pytest.fixture
def explorer():
    return Explorer(disc, controls(), title="A disc")


def test_the_first_state_has_every_controls_start(explorer):
    assert explorer.state == {"step": 0, "w": 0.5, "kind": "circle", "grid": True}


def test_a_still_picture_is_what_the_view_makes_of_the_state(explorer):
    assert explorer.show(step=2, kind="box") == disc(step=2, w=0.5, kind="box", grid=True)
    assert explorer.show() == disc(**explorer.state)


def test_an_unknown_control_is_named(explorer):
    with pytest.raises(TypeError, match=r"no control is called speed; there are step, w, kind, grid"):
        explorer.show(speed=1)


@pytest.mark.parametrize(
    ("at", "changed"),
    [
        ([1, 3, 0, 1], {"step": 1}),
        ([0, 0, 0, 1], {"w": -1.0}),
        ([0, 3, 1, 1], {"kind": "box"}),
        ([0, 3, 0, 0], {"grid": False}),
    ],
)
def test_each_control_changes_the_picture_and_the_state(explorer, at, changed):
    first = explorer.state
    answer = explorer.answer({"at": at, "want": "picture"})
    assert explorer.state == first | changed
    assert answer == {
        "at": at,
        "html": disc(**(first | changed)).html,
        "caption": f"A {explorer.state['kind']} disc at step {explorer.state['step']}.",
    }
    assert answer["html"] != explorer.show().html


def test_asking_ahead_gives_the_picture_and_leaves_the_state(explorer):
    first = explorer.state
    answer = explorer.answer({"at": [1, 3, 0, 1], "want": "ahead"})
    assert answer["html"] == explorer.show(step=1).html
    assert explorer.state == first


def test_a_state_whose_picture_the_browser_has_is_told_without_an_answer(explorer):
    assert explorer.answer({"at": [2, 3, 0, 1], "want": "nothing"}) is None
    assert explorer.state["step"] == 2


def test_an_answer_says_which_state_it_is_for_whatever_the_order_of_asking(explorer):
    states = [[step, w, 0, 1] for step in (4, 0, 2) for w in (4, 0)]
    answers = {tuple(at): explorer.answer({"at": at, "want": "ahead"}) for at in states}
    for at in reversed(states):
        assert answers[tuple(at)]["at"] == at
        assert answers[tuple(at)] == explorer.answer({"at": at, "want": "picture"})


def test_an_error_in_the_view_is_told_with_the_state_and_the_line(explorer):
    answer = explorer.answer({"at": [3, 3, 0, 1], "want": "picture"})
    assert "html" not in answer
    for part in ("step = 3 of 4", "weight w = 0.5", "ZeroDivisionError: three is broken", "in disc, line"):
        assert part in answer["error"]
    assert explorer.answer({"at": [2, 3, 0, 1], "want": "picture"})["html"], "and it goes on after that"


@pytest.mark.parametrize(
    "at",
    [None, "0,0,0,0", [0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 2], [0, -1, 0, 0], [0, 0.0, 0, 0], [9, 0, 0, 0]],
)
def test_what_is_no_state_is_refused_and_changes_nothing(explorer, at):
    first = explorer.state
    assert "is not a state" in explorer.answer({"at": at, "want": "picture"})["error"]
    assert explorer.state == first


def test_the_saved_form_is_the_first_state_whatever_was_done_since(explorer):
    before = explorer._repr_mimebundle_()
    explorer.answer({"at": [2, 0, 1, 0], "want": "picture"})
    after = explorer._repr_mimebundle_()
    assert before == after
    assert disc(**explorer.first_state).html in after["text/html"]
    assert explorer.show().words in after["text/plain"]


def test_the_saved_form_says_how_the_controls_stand(explorer):
    assert "step 0 of 4, weight w 0.5, kind of disc round, grid on" in explorer.html


def test_the_saved_form_needs_no_widget_state(explorer):
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", WIDGET}
    model = bundle[WIDGET]["model_id"]
    assert model not in bundle["text/html"] + bundle["text/plain"]
    other = Explorer(disc, controls(), title="A disc")._repr_mimebundle_()
    assert other[WIDGET]["model_id"] != model
    assert (other["text/html"], other["text/plain"]) == (bundle["text/html"], bundle["text/plain"])


def test_showing_twice_shows_the_same_widget(explorer):
    assert explorer._repr_mimebundle_()[WIDGET] == explorer._repr_mimebundle_()[WIDGET]


def test_messages_reach_the_explorer_through_its_widget_and_answers_go_back(explorer, monkeypatch):
    explorer._repr_mimebundle_()
    sent = []
    monkeypatch.setattr(explorer._widget, "send", sent.append)
    explorer._widget._handle_custom_msg({"at": [1, 3, 0, 1], "want": "picture"}, [])
    explorer._widget._handle_custom_msg({"at": [2, 3, 0, 1], "want": "nothing"}, [])
    assert [answer["at"] for answer in sent] == [[1, 3, 0, 1]]
    assert explorer.state["step"] == 2


def test_the_browser_gets_texts_and_the_first_picture_and_no_values(explorer):
    spec = explorer.spec()
    assert [control["kind"] for control in spec["controls"]] == ["steps", "slider", "choice", "toggle"]
    assert spec["controls"][1]["texts"] == ["−1.0", "−0.5", "0.0", "0.5", "1.0"]
    assert spec["controls"][2]["texts"] == ["round", "square"]
    assert spec["picture"] == explorer.answer({"at": [0, 3, 0, 1], "want": "ahead"})


def test_without_the_widget_packages_the_still_picture_is_left(explorer, monkeypatch):
    monkeypatch.setitem(sys.modules, "lecture_lib.explore.widget", None)
    assert set(explorer._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_what_is_read_out_is_a_groups_text(explorer):
    def view(step):
        return Group((disc(step, 0, "round", True), Text("<p>x</p>", f"Now at {step}. And more.")))

    grouped = Explorer(view, [Steps("step", "step", last=2)], title="A disc with a text")
    assert grouped.answer({"at": [1], "want": "ahead"})["caption"] == "Now at 1. And more."


def test_names_that_do_not_fit_the_view_are_refused_at_once():
    with pytest.raises(TypeError, match=r"controls are called step, but disc cannot take them"):
        Explorer(disc, [Steps("step", "step", last=2)], title="A disc")
    with pytest.raises(TypeError, match="two controls are called step"):
        Explorer(disc, [*controls(), Toggle("step", "again")], title="A disc")
    with pytest.raises(ValueError, match="at least one control"):
        Explorer(disc, [], title="A disc")


def test_a_view_that_returns_no_picture_is_refused_at_once():
    with pytest.raises(TypeError, match=r"the view returned int; something with \.html and \.words"):
        Explorer(lambda step: step, [Steps("step", "step", last=2)], title="A number")


def test_an_error_in_the_first_picture_is_the_cells_error():
    with pytest.raises(ZeroDivisionError):
        Explorer(disc, [Steps("step", "step", last=4, start=3), *controls()[1:]], title="A disc")


def test_controls_refuse_what_cannot_be_chosen():
    with pytest.raises(ValueError, match=r"the start 0.3 is not one of its values"):
        Slider("w", "w", [0.1, 0.2], start=0.3)
    with pytest.raises(ValueError, match="at least two values"):
        Choice("kind", "kind", ["only"])
    with pytest.raises(ValueError, match="cannot be one"):
        Toggle("two words", "two words")
    with pytest.raises(ValueError, match="last is 0"):
        Steps("step", "step", last=0)
    with pytest.raises(ValueError, match="a step above 0"):
        numbers(0, 1, 0)


def test_importing_and_using_an_explorer_loads_neither_widgets_nor_matplotlib():
    code = (
        "import sys; from types import SimpleNamespace as N; import lecture_lib as ll; lx = ll.explore; "
        "e = lx.Explorer(lambda step: N(html='', words='w'), [lx.Steps('step', 'step', 2)], title='t'); "
        "e.show(step=1); e.html; ll.recall('03').html; "
        "heavy = {'anywidget', 'ipywidgets', 'matplotlib'}; "
        "print(sorted({name.split('.')[0] for name in sys.modules} & heavy))"
    )
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_notebook_keeps_the_still_picture_and_the_view_in_two_outputs(explorer, monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.publish_display_data", outputs.append)
    explorer._ipython_display_()
    still, view = outputs
    assert set(still) == {"text/html", "text/plain"}, "nothing that would stand in place of the picture"
    assert still["text/html"].startswith(explorer.html)
    assert still["text/plain"] == explorer.words
    assert list(view) == ["application/vnd.jupyter.widget-view+json"]


def test_without_the_widget_packages_a_notebook_has_the_still_picture_alone(explorer, monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.publish_display_data", outputs.append)
    monkeypatch.setitem(sys.modules, "lecture_lib.explore.widget", None)
    explorer._ipython_display_()
    assert outputs == [{"text/html": explorer.html, "text/plain": explorer.words}]


def test_the_browser_is_greeted_before_it_shows_what_moves(explorer, monkeypatch):
    explorer._repr_mimebundle_()
    sent = []
    monkeypatch.setattr(explorer._widget, "send", sent.append)
    explorer._widget._handle_custom_msg({"want": "greeting"}, [])
    assert sent == [{"greeting": True, "move": [0, 3, 0, 1]}]


def test_each_control_is_a_trait_that_is_set_observed_and_linked(explorer):
    widget, sent, seen = explorer.widget, [], []
    widget.send = sent.append
    mine = ipywidgets.FloatSlider(min=-5, max=5)
    ipywidgets.link((widget, "w"), (mine, "value"))
    widget.observe(lambda change: seen.append((change.name, change.old, change.new)))
    mine.value = -0.9
    assert explorer.state["w"] == widget.w == -1.0, "the nearest one that can be chosen"
    widget.kind = "box"
    widget.grid = False
    assert explorer.state == {"step": 0, "w": -1.0, "kind": "box", "grid": False}
    assert [message["move"] for message in sent] == [[0, 0, 0, 1], [0, 0, 1, 1], [0, 0, 1, 0]]
    assert seen == [("w", 0.5, -1.0), ("kind", "circle", "box"), ("grid", True, False)]


def test_what_is_moved_in_the_browser_is_observed_and_not_sent_back(explorer):
    widget, sent, seen = explorer.widget, [], []
    widget.send = sent.append
    widget.observe(lambda change: seen.append(change.new), "w")
    widget._handle_custom_msg({"at": [0, 1, 0, 1], "want": "picture"}, [])
    widget._handle_custom_msg({"at": [0, 2, 0, 1], "want": "ahead"}, [])
    assert seen == [-0.5]
    assert [message.get("at") for message in sent] == [[0, 1, 0, 1], [0, 2, 0, 1]]


def test_an_explorer_stands_in_a_box_beside_widgets_of_the_users_own(explorer):
    mine = ipywidgets.IntText()
    assert ipywidgets.HBox([explorer.widget, mine]).children == (explorer.widget, mine)
    assert explorer.widget is explorer.widget


@pytest.mark.parametrize(
    ("name", "value"), [("kind", "oval"), ("w", "much"), ("grid", 2), ("w", float("nan"))]
)
def test_a_value_that_cannot_be_chosen_is_named_and_changes_nothing(explorer, name, value):
    before = explorer.state
    with pytest.raises(traitlets.TraitError, match=f"{name} cannot be {value!r}: it is one of"):
        setattr(explorer.widget, name, value)
    assert explorer.state == before


def test_a_control_called_as_every_widget_has_it_is_a_trait_with_an_underscore():
    taken = Explorer(lambda open: Text("", str(open)), [Slider("open", "open", [1, 2])], title="T")
    taken.widget.open_ = 2
    assert taken.state == {"open": 2}
