"""The life of an order in any order of steps: whatever happens, books and pictures stay possible."""

import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from adapters.storage.memory.runs import MemoryRuns
from core.domain.credits.ledger import HoldState
from core.domain.images import BUSY, DONE, ImageStatus
from core.domain.orders import ENDED, OrderStatus
from core.domain.runs import ItemState, RunState
from core.errors import I2IError, ProviderRejectedError, ProviderUnavailableError
from core.usecases.images.arrange import RemoveImages, SelectImages
from core.usecases.images.review import ApproveImages, FlagImages, ReopenImages
from core.usecases.maintenance.reconcile import ExpireCredits, ReleaseOverdueHolds
from core.usecases.orders.change import DeleteOrder, RestoreOrder
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.submit import SubmitOrder
from core.usecases.runs.cancel import CancelOrder
from core.usecases.runs.confirm import ConfirmOrder
from core.usecases.runs.reprocess import Reprocess, Retouch
from core.usecases.runs.retry import RetryFailed
from tests.studio import Studio, ids_of

PICK = st.integers(0, 3)


class OrderLife(RuleBasedStateMachine):
    """Every step may be refused with an ``I2IError``; none may leave anything impossible behind."""

    @initialize(credits=st.integers(0, 30), steps=st.integers(0, 4))
    def begin(self, credits: int, steps: int) -> None:
        """Open an order and take it some steps on its way, so that the later ones are seen often enough."""
        self.folder = tempfile.TemporaryDirectory(prefix="i2i-")
        self.studio = Studio(Path(self.folder.name))
        self.actor = self.studio.customer(credits=credits)
        self.order = self.studio.draft(self.actor, "one.jpg", "two.jpg")
        for step in (self.submit, lambda: self.confirm(None), lambda: self.process(0, "nothing"), self.studio.work)[
            :steps
        ]:
            step()

    def teardown(self) -> None:
        self.folder.cleanup()

    def attempt(self, kind: type, **arguments: object) -> object:
        """Use a use case on the order; a refusal is an answer like any other."""
        try:
            return self.studio.use(kind)(actor=self.actor, order_id=self.order.id, **arguments)
        except I2IError:
            return None

    def picture(self, pick: int) -> list[str]:
        """Return the id of some picture, if there is one."""
        ids = ids_of(self.studio.images(self.order.id))
        return ids[pick % len(ids) :][:1] if ids else []

    @rule(name=st.sampled_from(["three.jpg", "four.jpg"]))
    def add(self, name: str) -> None:
        if len(self.studio.images(self.order.id)) < 4:
            try:
                self.studio.add(self.actor, self.order, name)
            except I2IError:
                return

    @rule(pick=PICK)
    def remove(self, pick: int) -> None:
        self.attempt(RemoveImages, image_ids=self.picture(pick))

    @rule(pick=PICK)
    def select(self, pick: int) -> None:
        self.attempt(SelectImages, image_ids=self.picture(pick))

    @rule()
    def reword(self) -> None:
        self.attempt(SetInstruction, instruction="darker")

    @rule()
    def submit(self) -> None:
        self.attempt(SubmitOrder)

    @rule(key=st.sampled_from([None, "k1", "k2"]))
    def confirm(self, key: str | None) -> None:
        self.attempt(ConfirmOrder, idempotency_key=key)

    @rule()
    def cancel(self) -> None:
        self.attempt(CancelOrder)

    @rule()
    def retry(self) -> None:
        self.attempt(RetryFailed)

    @rule(picks=st.lists(PICK, min_size=1, max_size=3), base=st.sampled_from([None, 0, 1, 2]), words=st.booleans())
    def reprocess(self, picks: list[int], base: int | None, words: bool) -> None:
        chosen = {i for pick in picks for i in self.picture(pick)}
        items = [Retouch(image_id=i, base_version=base, instruction="darker" if words else "") for i in sorted(chosen)]
        self.attempt(Reprocess, items=items)

    @rule(pick=PICK, kind=st.sampled_from([ApproveImages, FlagImages, ReopenImages]))
    def review(self, pick: int, kind: type) -> None:
        self.attempt(kind, image_ids=self.picture(pick))

    @rule()
    def delete(self) -> None:
        self.attempt(DeleteOrder)

    @rule()
    def restore(self) -> None:
        self.attempt(RestoreOrder)

    @rule(
        pick=PICK,
        happens=st.sampled_from(["nothing", "refused", "gone", "cancelled", "lost", "approved", "deleted"]),
    )
    def process(self, pick: int, happens: str) -> None:
        """Work on an item; while it is rendered, anything may happen."""
        items = self.studio.items(self.order.id)
        if not items:
            return

        def meanwhile() -> None:
            if happens == "refused":
                raise ProviderRejectedError("No.")
            if happens == "gone":
                raise ProviderUnavailableError("Away.")
            if happens == "cancelled":
                self.cancel()
            if happens == "lost":
                self.studio.clock.advance(seconds=30)
                self.studio.process(item.id)
            if happens == "approved":
                self.review(pick, ApproveImages)
            if happens == "deleted":
                self.delete()

        waiting = [i for i in items if i.is_open] or list(items)
        item = waiting[pick % len(waiting)]
        with self.studio.app.new_reading() as work:
            key = work.assets.get(work.images.get(item.image_id).asset_id).storage_key
        with self.studio.blobs.open(key) as file:
            self.studio.engine.behaviours[file.read()] = [meanwhile]
        self.studio.process(item.id)

    @rule(hours=st.sampled_from([0.01, 1, 30]))
    def wait(self, hours: float) -> None:
        self.studio.clock.advance(hours=hours)
        self.studio.use(ReleaseOverdueHolds)()
        self.studio.use(ExpireCredits)()

    @invariant()
    def the_books_are_clean(self) -> None:
        self.studio.audit()

    @invariant()
    def captured_is_the_sum_of_delivered_prices(self) -> None:
        with self.studio.app.new_reading() as work:
            versions = [v for i in work.images.list(self.order.id) for v in work.images.list_versions(i.id)]
        holds = self.studio.holds(self.order.id)
        delivered = sum(v.credits for v in versions)
        assert sum(h.captured_amount for h in holds) == delivered
        assert self.studio.audit().consumed == delivered

    @invariant()
    def items_and_holds_end_together(self) -> None:
        items, holds = self.studio.items(self.order.id), self.studio.holds(self.order.id)
        expected = {
            ItemState.QUEUED: {HoldState.HELD},
            ItemState.RUNNING: {HoldState.HELD},
            ItemState.DONE: {HoldState.CAPTURED},
            ItemState.FAILED: {HoldState.RELEASED},
            ItemState.CANCELLED: {HoldState.RELEASED},
        }
        for item, hold in zip(items, holds, strict=True):
            assert hold.state in expected[item.state]

    @invariant()
    def pictures_are_in_possible_states(self) -> None:
        view = self.studio.view(self.order.id)
        busy = {i.image_id for i in self.studio.items(self.order.id) if i.is_open}
        assert [i.position for i in view.images] == list(range(1, len(view.images) + 1))
        for image in view.images:
            assert (image.status in BUSY) == (image.id in busy)
            assert image.status not in DONE or image.latest_version > 0
            assert (image.status is ImageStatus.FAILED) == (image.failure is not None)
            assert image.status is not ImageStatus.APPROVED or image.approved_version is not None
            assert image.approved_version is None or image.approved_version <= image.latest_version

    @invariant()
    def the_order_is_in_work_exactly_while_a_run_is(self) -> None:
        view = self.studio.view(self.order.id)
        is_running = any(r.state is RunState.RUNNING for r in view.runs)
        assert (view.order.status is OrderStatus.PROCESSING) == is_running
        with self.studio.app.new_reading() as work:
            for run in view.runs:
                items = work.runs.items(run.id)
                assert run.open_items == sum(i.is_open for i in items)
                assert (run.state is RunState.RUNNING) == (run.open_items > 0)
                assert run.done_items == sum(i.state is ItemState.DONE for i in items)
        if view.order.status in ENDED:
            assert view.order.summary
        assert view.order.image_count == len(view.images)

    @invariant()
    def versions_are_numbered_and_their_files_are_there(self) -> None:
        with self.studio.app.new_reading() as work:
            for image in work.images.list(self.order.id):
                versions = work.images.list_versions(image.id)
                assert [v.number for v in versions] == list(range(1, image.latest_version + 1))
                assert all(self.studio.blobs.exists(f.storage_key) for v in versions for f in v.files)


COMMIT = settings(
    max_examples=80, stateful_step_count=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
NIGHT = settings(COMMIT, max_examples=2000, stateful_step_count=60, derandomize=False)


class TestOrderLife(OrderLife.TestCase):  # type: ignore[misc, valid-type]
    """A short look with every commit."""

    settings = COMMIT


@pytest.mark.long
@pytest.mark.timeout(1200)
class TestOrderLifeAtLength(OrderLife.TestCase):  # type: ignore[misc, valid-type]
    """A long look."""

    settings = NIGHT


def test_a_book_keeper_that_forgets_to_release_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant a fault: a failed picture keeps its credits."""
    monkeypatch.setattr("core.usecases.credits.bookkeeper.Bookkeeper.release", lambda *_, **__: True)
    with pytest.raises(AssertionError):
        _run(OrderLife)


def test_a_finish_without_the_fence_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant a fault: whoever finishes last wins, whether or not the item is still theirs."""

    def unguarded(self: MemoryRuns, item_id: str, fence: int) -> object:
        return self._transaction.read("run_items").get(item_id)

    monkeypatch.setattr(MemoryRuns, "_held", unguarded)
    with pytest.raises((AssertionError, I2IError)):
        _run(OrderLife)


def _run(machine: type[OrderLife]) -> None:
    """Look for one failure and do not bother to make it small."""
    quick = settings(COMMIT, phases=[Phase.generate], report_multiple_bugs=False, database=None)
    run_state_machine_as_test(machine, settings=quick)
