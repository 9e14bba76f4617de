"""Names from a table: each picture gets what its row says, and none is invented."""

import pytest

from core.domain.editing.naming import Deliverable, assign_names
from core.domain.editing.plan import EditPlan, Step, check_plan
from core.domain.editing.resolve import resolve
from core.domain.editing.scope import ImageFacts
from core.errors import InvalidInputError

TABLE = "file|sku|colour;IMG_1.jpg|TB-44|Navy;img_2|TB-45|Tan"


def names(pattern: str, case: str = "keep") -> list[str]:
    params = {"pattern": pattern, "table": TABLE, "case": case}
    plan = check_plan(EditPlan(steps=(Step(op="naming", params=params),)))
    files = ["IMG_1.jpg", "IMG_2.png", "IMG_3.jpg"]
    made = [
        Deliverable(
            key=name, original_name=name, position=n, format="jpeg", order_name="Spring", is_only_output=True,
            output=resolve(plan, ImageFacts(name=name, position=n, count=3)).outputs[0],
        )
        for n, name in enumerate(files, 1)
    ]  # fmt: skip
    return [assign_names(made)[name] for name in files]


def test_a_picture_gets_the_name_of_its_row_and_another_keeps_its_own() -> None:
    assert names("{sku}") == ["TB-44.jpg", "TB-45.jpg", "IMG_3.jpg"]
    assert names("{sku}_{colour}", "lower")[:2] == ["tb-44_navy.jpg", "tb-45_tan.jpg"]


@pytest.mark.parametrize(
    ("pattern", "table"),
    [("{size}", TABLE), ("{sku}", "file;IMG_1"), ("{sku}", "sku|file;1|2"), ("{sku}", "file|sku;a"), ("{sku}", "x")],
)
def test_a_table_must_hold_what_the_pattern_names(pattern: str, table: str) -> None:
    with pytest.raises(InvalidInputError):
        Step(op="naming", params={"pattern": pattern, "table": table}).checked()
