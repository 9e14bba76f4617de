"""Uploads into several orders at once never exceed the room of their account."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.usecases.accounts.users import ChangeUser
from core.usecases.images import add
from core.usecases.orders.create import CreateOrder
from tests.studio import Studio
from tests.support import databases


def test_two_uploads_do_not_share_the_last_room(sql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are held up between looking for room and taking it, until the other is there or is known to wait."""
    both, check = threading.Barrier(2), add._check_room

    def hold_up(*args: Any) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):  # the other one waits for the account, as it should
            both.wait(0.5)
        check(*args)

    monkeypatch.setattr(add, "_check_room", hold_up)
    with databases.opened(sql_url) as database:
        studio = Studio(tmp_path, database=database)  # type: ignore[arg-type]
        ada = studio.customer()
        orders = [studio.use(CreateOrder)(actor=ada, name=name) for name in ("one", "two")]
        files = [studio.file("a.jpg"), studio.file("b.jpg")]
        studio.use(ChangeUser)(actor=studio.operator(), user=ada.user_id, quota_bytes=files[0].bytes)
        upload = studio.use(add.AddImages)
        with ThreadPoolExecutor(2) as pool:
            calls = [
                pool.submit(upload, actor=ada, order_id=o.id, files=[f]) for o, f in zip(orders, files, strict=True)
            ]
            results = [call.result(30) for call in calls]
    assert sorted(len(r.images) for r in results) == [0, 1]
    assert [refusal.code for r in results for refusal in r.refused] == ["quota_exceeded"]
