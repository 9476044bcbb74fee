"""A variant varies in every field that holds a formula or a text."""

from dlteach.course.functions import Functions
from dlteach.course.questions import Choice, Kind, Mistake, Question, Step
from dlteach.course.variants import FIXED, declared, variant
from dlteach.values import fields

PARTS = (
    Choice({"en": "{{a}} or"}, True, {"en": "for {{a + 1}}"}),
    Step({"en": "put {{a}} in"}, (1,)),
    Mistake("x = 2a", {"en": "not {{2a}}"}),
)
WHOLE = Question(
    "q", "gelu", "quiz.toml:1", Kind.TRUTH, {"en": "Is {{a}} it?"}, "x = a", "x > a", "a/10", 3, "in a", "x^2 > a",
    "a*x^2", PARTS[:1], PARTS[1:2], PARTS[2:], ({"en": "try {{a}}"},), {"en": "so {{a}}"}, {"a": ("7",)}, "a > 1",
)  # fmt: skip


def test_every_field_that_may_hold_a_parameter_takes_its_value(functions: Functions) -> None:
    question = variant(WHOLE, {"a": "7"}, functions.names)
    for part in (question, *question.choices, *question.steps, *question.mistakes):
        kept = {name for name, kind in declared(part).items() if kind in FIXED}
        for name, value in fields(part).items():
            assert name in kept or "7" in str(value) or "8" in str(value) or "14" in str(value)
    assert question.mistakes[0].says == {"en": "not 14"} and question.states == "x^2 > 7"
    assert {name: getattr(question, name) for name in ("id", "form", "digits", "vary_where")} == {
        "id": "q", "form": "in a", "digits": 3, "vary_where": "a > 1",
    }  # fmt: skip


def test_the_example_has_every_field() -> None:
    """A new field has to be thought of here."""
    empty = {name for part in (WHOLE, *PARTS) for name, value in fields(part).items() if not value}
    assert empty == {"variant"}
