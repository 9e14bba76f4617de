"""A whole application in memory, and the few gestures that every test of the use cases needs."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs

from adapters.bootstrap import Application
from adapters.settings import Settings
from adapters.storage.blobs.memory import MemoryBlobStore
from adapters.storage.memory import MemoryDatabase
from core.domain.credits.audit import AuditReport
from core.domain.credits.ledger import CreditAccount, Hold
from core.domain.credits.prices import PriceList
from core.domain.editing.plan import EditPlan
from core.domain.images import ImageStatus, OrderImage
from core.domain.orders import Order
from core.domain.runs import RunItem
from core.kernel.actor import Actor, Channel
from core.usecases.accounts.users import CreateUser, EnsureOperator
from core.usecases.credits.move import GrantCredits
from core.usecases.credits.read import AuditLedger, GetBalance
from core.usecases.images.add import Added, AddImages, Incoming
from core.usecases.maintenance.reconcile import HintReadyItems
from core.usecases.orders.create import CreateOrder
from core.usecases.plans.proposal import Proposal
from core.usecases.plans.submit import SubmitOrder
from core.usecases.queries.orders import GetOrder, OrderView
from core.usecases.runs.confirm import ConfirmOrder
from core.usecases.runs.process import Outcome, ProcessItem
from core.usecases.runs.starting import Started
from tests.factories import CountingIds, FixedClock
from tests.fakes import FakeEngine, FakePlanner, FixedPrices, ListeningQueue, NoLeaseKeeper, picture

T = TypeVar("T")
PRICE = 3
# Hashes that cost next to nothing, and nobody to be taken for a robot.
QUICK = {"welcome_credits": 0, "captcha": "none", "password_memory_kib": 8, "password_passes": 1}
PRICES = PriceList(
    version="2026-11-01", valid_from=dt.date(2026, 11, 1), credits={"studio_edit": PRICE, "raster_generation": 4}
)


@attrs.define
class Studio:
    """An application in memory whose outside world a test holds in its hands."""

    folder: Path
    settings: dict[str, Any] = attrs.field(factory=dict)
    clock: FixedClock = attrs.field(factory=FixedClock)
    engine: FakeEngine = attrs.field(factory=FakeEngine)
    planner: FakePlanner = attrs.field(factory=FakePlanner)
    queue: ListeningQueue = attrs.field(factory=ListeningQueue)
    blobs: MemoryBlobStore = attrs.field(factory=MemoryBlobStore)
    prices: FixedPrices = attrs.field(factory=lambda: FixedPrices([PRICES]))
    database: MemoryDatabase = attrs.field(factory=MemoryDatabase)
    app: Application = attrs.field(init=False)
    _files: int = 0

    def __attrs_post_init__(self) -> None:
        self.app = Application(
            Settings(home=self.folder, **{**QUICK, **self.settings}), clock=self.clock,
            engine=self.engine, planner=self.planner, queue=self.queue, blobs=self.blobs, database=self.database,
            leases=NoLeaseKeeper(), prices=self.prices, ids=CountingIds(),
        )  # fmt: skip

    def use(self, kind: type[T]) -> T:
        """Return a use case."""
        return self.app.use(kind)

    def operator(self) -> Actor:
        """Return the administrator of the command line."""
        return self.use(EnsureOperator)(label="root")

    def customer(self, email: str = "ada@example.com", *, credits: int = 100) -> Actor:
        """Return a new customer with some credits."""
        admin = self.operator()
        user = self.use(CreateUser)(actor=admin, email=email, name="Ada Lovelace")
        if credits:
            self.use(GrantCredits)(actor=admin, user_id=user.id, amount=credits, reason="Start")
        return Actor(user_id=user.id, roles=user.roles, channel=Channel.WEB, label=email)

    def file(self, name: str, content: bytes | None = None) -> Incoming:
        """Return a file as it is offered."""
        self._files += 1
        path = self.folder / f"upload-{self._files}"
        path.write_bytes(picture(f"{name} {self._files}") if content is None else content)
        return Incoming(name=name, path=path, bytes=path.stat().st_size)

    def add(self, actor: Actor, order: Order, *names: str) -> Added:
        """Add pictures with these names, each with a content of its own."""
        return self.use(AddImages)(actor=actor, order_id=order.id, files=[self.file(n) for n in names])

    def draft(self, actor: Actor, *names: str, instruction: str = "brighter") -> Order:
        """Return a draft order with pictures."""
        order = self.use(CreateOrder)(actor=actor, name="Shoes", instruction=instruction)
        return self.add(actor, order, *(names or ("one.jpg", "two.jpg", "three.jpg"))).order

    def planned(self, actor: Actor, *names: str, plan: EditPlan | None = None, **words: str) -> Proposal:
        """Return the proposal for a new order."""
        order = self.draft(actor, *names, **words)
        return self.use(SubmitOrder)(actor=actor, order_id=order.id, plan=plan)

    def confirmed(self, actor: Actor, *names: str, plan: EditPlan | None = None) -> Started:
        """Return a new order whose work was confirmed."""
        order = self.planned(actor, *names, plan=plan).order
        return self.use(ConfirmOrder)(actor=actor, order_id=order.id)

    def finished(self, actor: Actor, *names: str, plan: EditPlan | None = None) -> Order:
        """Return a new order that was worked on to its end."""
        started = self.confirmed(actor, *names, plan=plan)
        self.work()
        return self.order(started.order.id)

    def process(self, item_id: str) -> Outcome:
        """Work on one item."""
        return self.use(ProcessItem)(item_id=item_id)

    def work(self) -> list[Outcome]:
        """Work on everything that can be claimed, with the clock moved on for items that wait for another try."""
        outcomes = []
        for _ in range(10):
            self.queue.hinted.clear()
            if not self.use(HintReadyItems)():
                break
            outcomes += [self.process(i) for i in self.queue.hinted]
            self.clock.advance(minutes=1)
        return outcomes

    def content(self, order_id: str, position: int) -> bytes:
        """Return what was uploaded as a picture."""
        image = self.images(order_id)[position - 1]
        with self.app.new_reading() as work:
            key = work.assets.get(image.asset_id).storage_key
        with self.blobs.open(key) as file:
            return file.read()

    def fail(self, order_id: str, position: int, *errors: Exception) -> None:
        """Let the next renders of a picture fail."""
        self.engine.behaviours[self.content(order_id, position)] += errors

    def order(self, order_id: str) -> Order:
        """Return an order as it is now."""
        return self.view(order_id).order

    def view(self, order_id: str) -> OrderView:
        """Return an order with everything in it."""
        return self.use(GetOrder)(actor=self.operator(), order_id=order_id)

    def images(self, order_id: str) -> tuple[OrderImage, ...]:
        """Return the pictures of an order."""
        return self.view(order_id).images

    def states(self, order_id: str) -> list[str]:
        """Return the states of the pictures of an order."""
        return [i.status.value for i in self.images(order_id)]

    def items(self, order_id: str) -> tuple[RunItem, ...]:
        """Return all items of an order, oldest run first."""
        with self.app.new_reading() as work:
            return tuple(i for r in work.runs.list(order_id) for i in work.runs.items(r.id))

    def holds(self, order_id: str) -> list[Hold]:
        """Return the holds of all items of an order."""
        with self.app.new_reading() as work:
            return [work.ledger.get_hold(i.hold_id) for i in self.items(order_id)]

    def balance(self, actor: Actor) -> CreditAccount:
        """Return the account of a customer."""
        return self.use(GetBalance)(actor=actor)

    def audit(self) -> AuditReport:
        """Return the audit of the whole ledger, which must be clean."""
        report = self.use(AuditLedger)()
        assert report.is_clean, report.violations
        return report

    def contents(self, prefix: str) -> list[str]:
        """Return the keys of stored files."""
        return [b.key for b in self.blobs.list(prefix)]


def ids_of(things: Iterable[OrderImage]) -> list[str]:
    """Return the ids of some pictures."""
    return [t.id for t in things]


def with_status(images: Sequence[OrderImage], status: ImageStatus) -> list[OrderImage]:
    """Return the pictures in a state."""
    return [i for i in images if i.status is status]
