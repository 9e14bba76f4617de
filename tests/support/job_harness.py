"""Orders, worker processes that die and come back, and the judgement of what came of it all."""

import contextlib
import datetime as dt
import multiprocessing
import os
import random
import signal
import threading
from collections.abc import Iterator
from multiprocessing.process import BaseProcess

import attrs

from adapters.bootstrap import Application
from core.domain.credits.ledger import HoldState
from core.domain.runs import MAX_ATTEMPTS, ItemState, RunItem
from core.kernel.actor import Actor, Channel
from core.usecases.accounts.users import CreateUser, EnsureOperator
from core.usecases.credits.move import GrantCredits
from core.usecases.credits.read import AuditLedger, GetBalance
from core.usecases.images.add import AddImages, Incoming
from core.usecases.maintenance.sweep import SweepFiles
from core.usecases.orders.create import CreateOrder
from core.usecases.plans.submit import SubmitOrder
from core.usecases.runs.confirm import ConfirmOrder
from tests.fakes import brighter, picture
from tests.support.job_worker import Crew, work
from tests.support.waiting import wait_until

CREDITS = 10_000
PER_ORDER = 100
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.support.job_worker"])


@attrs.define
class Shop:
    """A customer, orders, and a look at everything that the workers do."""

    crew: Crew
    app: Application
    actor: Actor
    orders: list[str] = attrs.field(factory=list)

    def order(self, images: int, *, poison: int = 0, confirm: bool = True) -> str:
        """Open an order with pictures, some of them poison, and confirm it."""
        order = self.app.use(CreateOrder)(actor=self.actor, name=f"Order {len(self.orders)}")
        files = [self._file(n, "poison" if n < poison else "fine") for n in range(images)]
        added = self.app.use(AddImages)(actor=self.actor, order_id=order.id, files=files)
        assert len(added.images) == images
        self.app.use(SubmitOrder)(actor=self.actor, order_id=order.id, plan=brighter())
        if confirm:
            self.app.use(ConfirmOrder)(actor=self.actor, order_id=order.id)
        self.orders.append(order.id)
        return order.id

    def _file(self, number: int, words: str) -> Incoming:
        path = self.crew.home / "upload" / f"{len(self.orders)}-{number}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture(f"{words} {len(self.orders)} {number}"))
        return Incoming(name=path.name, path=path, bytes=path.stat().st_size)

    def items(self) -> list[RunItem]:
        """Return all items of all orders."""
        with self.app.new_reading() as unit:
            return [i for o in self.orders for r in unit.runs.list(o) for i in unit.runs.items(r.id)]

    def count(self, *states: ItemState) -> int:
        """Count the items in some states."""
        return sum(i.state in states for i in self.items())

    def has_twins(self) -> bool:
        """Whether some picture has more than one version."""
        with self.app.new_reading() as unit:
            return any(i.latest_version > 1 for o in self.orders for i in unit.images.list(o))

    def wait_for_the_end(self, *, seconds: float) -> None:
        """Wait until no item is open."""
        items = len(self.items())
        wait_until(
            lambda: self.count(ItemState.DONE, ItemState.FAILED, ItemState.CANCELLED) == items,
            seconds=seconds, what=f"the end of {items} items",
        )  # fmt: skip

    def judge(self, *, done: int, failed: int = 0) -> str:
        """Check that everything ended exactly once, and return the figures in a line.

        Raises:
            AssertionError: a picture, a version, a credit or a file is missing or too many.
        """
        items = self.items()
        states = [i.state for i in items]
        assert (states.count(ItemState.DONE), states.count(ItemState.FAILED)) == (done, failed)
        versions = self._judge_versions(items)
        report = self.app.use(AuditLedger)()
        assert report.is_clean, report.violations
        account = self.app.use(GetBalance)(actor=self.actor)
        assert (account.posted, account.held) == (CREDITS - versions, 0)
        orphans = self._judge_files()
        most = max(i.attempts for i in items)
        ended = f"{done} done, {failed} failed, {versions} versions and credits"
        return f"{ended}, {orphans} orphans swept, at most {most} attempts"

    def _judge_versions(self, items: list[RunItem]) -> int:
        total = 0
        with self.app.new_reading() as unit:
            for item in items:
                versions = unit.images.list_versions(item.image_id)
                wanted = 1 if item.state is ItemState.DONE else 0
                assert len(versions) == wanted, f"{len(versions)} versions of a picture that is {item.state}"
                assert unit.images.get(item.image_id).latest_version == wanted
                hold = unit.ledger.get_hold(item.hold_id)
                assert hold.state is (HoldState.CAPTURED if wanted else HoldState.RELEASED)
                total += len(versions)
            for order_id in self.orders:
                events = [e.event.name for e in unit.events.since(f"order/{order_id}", 0)]
                processed = sum(i.order_id == order_id and i.state is ItemState.DONE for i in items)
                assert events.count("ImageProcessed") == processed
                assert events.count("RunFinished") == 1
        return total

    def _judge_files(self) -> int:
        orphans = self.app.use(SweepFiles)(age=dt.timedelta(0)).removed
        with self.app.new_reading() as unit:
            kept = {b.key for b in self.app.blobs.list("results/")}
            assert kept == unit.assets.referenced_keys(kept)
            for order_id in self.orders:
                for version in unit.images.latest_versions(order_id).values():
                    assert {f.storage_key for f in version.files} <= kept
        return orphans


@contextlib.contextmanager
def shop(crew: Crew) -> Iterator[Shop]:
    """Open a customer's account on an empty database."""
    with crew.application() as app:
        admin = app.use(EnsureOperator)(label="test")
        user = app.use(CreateUser)(actor=admin, email="ada@example.com", name="Ada")
        app.use(GrantCredits)(actor=admin, user_id=user.id, amount=CREDITS, reason="Start")
        yield Shop(crew, app, Actor(user_id=user.id, roles=user.roles, channel=Channel.WEB, label="ada"))


@attrs.define
class Team:
    """Worker processes; one that dies is replaced until the team is dismissed.

    The exit code of a member can be read by one thread only: here by the one that replaces, without it by the test.
    """

    crew: Crew
    size: int = 2
    replaces: bool = True
    members: list[BaseProcess] = attrs.field(factory=list)
    deaths: int = 0
    _changing: threading.Lock = attrs.field(factory=threading.Lock)
    _dismissed: threading.Event = attrs.field(factory=threading.Event)
    _watch: threading.Thread = attrs.field(init=False)

    def __enter__(self) -> "Team":
        self.members = [self._hire() for _ in range(self.size)]
        self._watch = threading.Thread(target=self._replace, daemon=True)
        if self.replaces:
            self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._dismissed.set()
        if self.replaces:
            self._watch.join(10)
        for member in self.members:
            member.kill()
            member.join(10)

    def kill_one(self, shop: Shop, chance: random.Random) -> bool:
        """Kill a worker with signal 9, unless a picture is in its last attempt: that would make it poison.

        The workers are stopped while the pictures are looked at, so that none is begun meanwhile.
        """
        with self._changing:
            living = [m for m in self.members if m.is_alive()]
            if len(living) < self.size:
                return False
            for member in living:
                _signal(member, signal.SIGSTOP)
            risky = any(i.state is ItemState.RUNNING and i.attempts >= MAX_ATTEMPTS for i in shop.items())
            if not risky:
                _signal(chance.choice(living), signal.SIGKILL)
            for member in living:
                _signal(member, signal.SIGCONT)
            return not risky

    def _hire(self) -> BaseProcess:
        member = _context.Process(target=work, args=(self.crew,), daemon=True)
        member.start()
        return member

    def _replace(self) -> None:
        while not self._dismissed.wait(0.02):
            with self._changing:
                for place, member in enumerate(self.members):
                    if not member.is_alive() and not self._dismissed.is_set():
                        self.deaths += 1
                        self.members[place] = self._hire()


def _signal(member: BaseProcess, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(member.pid or 0, number)


def confirm_and_die(crew: Crew, order_id: str, actor: Actor) -> None:
    """Confirm an order and be gone between the commit and the hint."""

    class _Gone:
        def hint(self, _items: object) -> None:
            os._exit(9)

    crew.application(queue=_Gone()).use(ConfirmOrder)(actor=actor, order_id=order_id)


def confirm_in_a_dying_process(shop: Shop, order_id: str) -> int | None:
    """Run ``confirm_and_die`` and return the exit code."""
    process = _context.Process(target=confirm_and_die, args=(shop.crew, order_id, shop.actor), daemon=True)
    process.start()
    process.join(30)
    return process.exitcode
