"""Lists, sums and audits of orders, and reservations, from the command line."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Ask = Callable[..., Any]


def listed(answer: Ask, *words: str) -> list[str]:
    """Return the names of a list."""
    return [order["name"] for order in answer("order", "list", *words)["orders"]]


@pytest.mark.req("S0-ORD-05")
def test_orders_are_sorted_summed_and_run_again(answer: Ask, environ: dict[str, str]) -> None:
    made = [answer("order", "create", "--name", name)["order"]["id"] for name in ("Boots", "shoes", "Anoraks")]
    assert listed(answer) == ["Anoraks", "shoes", "Boots"]
    assert listed(answer, "--sort", "name") == ["Anoraks", "Boots", "shoes"]
    assert listed(answer, "--sort", "-name", "--query", "o") == ["shoes", "Boots", "Anoraks"]
    assert answer("order", "again", made[0])["order"]["name"] == "Boots (again)"
    totals = answer("order", "stats")
    assert (totals["orders"], totals["images_processed"], totals["credits_used"]) == (4, 0, 0)
    assert totals["by_status"] == {"draft": 4}
    assert answer("credits", "holds") == {"holds": []}
    assert [line["kind"] for line in answer("credits", "history", "--kind", "capture")["lines"]] == []


def test_a_sum_that_is_wrong_is_found(answer: Ask, environ: dict[str, str]) -> None:
    answer("order", "create", "--name", "Boots")
    assert answer("audit", "orders") == {"is_clean": True, "differences": []}
    with sqlite3.connect(Path(environ["I2I_HOME"]) / "i2i.db") as database:
        database.execute("UPDATE order_total SET images = 7")
    (difference,) = answer("audit", "orders", code=1)["differences"]
    assert (difference["kept"]["images"], difference["counted"]["images"]) == (7, 0)
