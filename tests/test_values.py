"""Frozen values: their fields are their annotations, however the Python that runs them keeps those."""

import pytest

from dlteach.values import fields, frozen, replace


@frozen
class Point:  # this module does not postpone its annotations, which Python 3.14 then makes when they are asked for
    x: int
    y: int = 0


@frozen
class Named(Point):
    name: str = "here"


def test_fields_are_the_annotations_those_of_the_base_first() -> None:
    assert fields(Point(1)) == {"x": 1, "y": 0}
    assert list(fields(Named(name="there", x=1))) == ["x", "y", "name"]


def test_values_are_equal_by_their_fields_hashable_and_do_not_change() -> None:
    assert Point(1, 2) == Point(1, y=2) != Named(1, 2) and len({Point(1), Point(1)}) == 1
    assert replace(Point(1), y=3) == Point(1, 3)
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="z"):
        Point(1, z=2)  # type: ignore[call-arg]
