"""Small builders: every entity with sensible values, changed by keyword; and a clock and ids that tests control."""

import datetime as dt
import itertools
from typing import Any

import attrs

from core.domain.access import OneTimeToken, Session
from core.domain.access import Purpose as TokenPurpose
from core.domain.accounts import ApiKey, User
from core.domain.action_log import ActionLogEntry, LogType
from core.domain.assets import Asset, Purpose
from core.domain.conversations import Author, Conversation, ConversationKind, Message
from core.domain.credits.ledger import Allocation, CreditAccount, Hold, LedgerEntry, LedgerTx, Lot, Source, TxKind
from core.domain.editing.plan import EditPlan, Step
from core.domain.editing.recipe import Recipe
from core.domain.editing.revision import Origin, PlanRevision
from core.domain.images import ImageVersion, OrderImage, VersionFile
from core.domain.orders import Order
from core.domain.runs import Run, RunItem, RunKind
from core.kernel.actor import Scope
from core.kernel.events import DomainEvent
from core.kernel.ids import encode_id
from core.ports.repositories.idempotency import IdempotencyRecord
from core.ports.unit_of_work import UnitOfWork

NOW = dt.datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
_numbers = itertools.count(1)


def new_id() -> str:
    """Return an id that sorts after all earlier ones of this process."""
    return encode_id(1_790_000_000_000, next(_numbers))


@attrs.define
class FixedClock:
    """A clock that stands still until it is moved."""

    moment: dt.datetime = NOW

    def now(self) -> dt.datetime:
        """Return the moment."""
        return self.moment

    def monotonic_ms(self) -> int:
        """Return milliseconds since 1970 of the moment."""
        return int(self.moment.timestamp() * 1000)

    def advance(self, **duration: float) -> None:
        """Move on, e.g. ``hours=2``."""
        self.moment += dt.timedelta(**duration)


class CountingIds:
    """Ids in the order of their making."""

    def new(self) -> str:
        """Return a new id."""
        return new_id()

    def secret(self) -> str:
        """Return a text that is no secret."""
        return f"secret-{new_id()}"


def make_user(**changes: Any) -> User:
    """Build a user with an address of its own."""
    user_id = changes.pop("id", None) or new_id()
    return User(**{"id": user_id, "email": f"{user_id}@example.com", "name": "Ada", "created_at": NOW, **changes})


def make_api_key(user_id: str, **changes: Any) -> ApiKey:
    """Build a key that may read orders."""
    key_id = new_id()
    values = {
        "id": key_id,
        "user_id": user_id,
        "name": "Script",
        "prefix": key_id[:6],
        "secret_hash": f"{key_id:0>64}",
        "scopes": frozenset({Scope.ORDERS_READ}),
        "created_at": NOW,
    }
    return ApiKey(**{**values, **changes})


def make_session(user_id: str, **changes: Any) -> Session:
    """Build a session of a week."""
    session_id = new_id()
    values = {
        "id": session_id,
        "user_id": user_id,
        "secret_hash": f"{session_id:0>64}",
        "created_at": NOW,
        "last_seen_at": NOW,
        "expires_at": NOW + 7 * 24 * HOUR,
    }
    return Session(**{**values, **changes})


def make_token(user_id: str, **changes: Any) -> OneTimeToken:
    """Build a token that verifies an address."""
    values = {
        "id": new_id(),
        "user_id": user_id,
        "purpose": TokenPurpose.VERIFY_EMAIL,
        "created_at": NOW,
        "expires_at": NOW + 24 * HOUR,
    }
    return OneTimeToken(**{**values, **changes})


def make_asset(owner_id: str, **changes: Any) -> Asset:
    """Build a stored JPEG of 1000 bytes."""
    asset_id = new_id()
    values = {
        "id": asset_id,
        "owner_id": owner_id,
        "purpose": Purpose.ORDER_IMAGE,
        "format": "jpeg",
        "bytes": 1000,
        "width": 40,
        "height": 30,
        "sha256": f"{asset_id:0>64}",
        "storage_key": f"originals/{asset_id}",
        "original_name": "photo.jpg",
        "created_at": NOW,
    }
    return Asset(**{**values, **changes})


def make_order(owner_id: str, **changes: Any) -> Order:
    """Build a draft without pictures."""
    values = {"id": new_id(), "owner_id": owner_id, "name": "Shoes", "created_at": NOW, "updated_at": NOW}
    return Order(**{**values, **changes})


def make_image(order_id: str, asset_id: str, **changes: Any) -> OrderImage:
    """Build the first picture of an order."""
    image_id = new_id()
    values = {
        "id": image_id,
        "order_id": order_id,
        "position": 1,
        "original_name": "photo.jpg",
        "asset_id": asset_id,
        "bytes": 1000,
        "sha256": f"{image_id:0>64}",
        "format": "jpeg",
        "width": 40,
        "height": 30,
    }
    return OrderImage(**{**values, **changes})


def make_file(asset_id: str, **changes: Any) -> VersionFile:
    """Build a finished PNG."""
    values = {
        "output": "main",
        "asset_id": asset_id,
        "storage_key": f"results/{asset_id}",
        "format": "png",
        "width": 40,
        "height": 30,
        "bytes": 2000,
        "sha256": f"{asset_id:0>64}",
    }
    return VersionFile(**{**values, **changes})


def make_version(image: OrderImage, run_id: str, **changes: Any) -> ImageVersion:
    """Build the first version of a picture."""
    values = {
        "image_id": image.id,
        "order_id": image.order_id,
        "number": 1,
        "base_version": 0,
        "run_id": run_id,
        "plan_revision": 1,
        "files": (make_file(image.asset_id),),
        "created_at": NOW,
    }
    return ImageVersion(**{**values, **changes})


def make_plan(**changes: Any) -> EditPlan:
    """Build a plan that removes the background."""
    return EditPlan(**{"steps": (Step(op="background.remove").checked(),), "explanation": "White ground", **changes})


def make_revision(order_id: str, **changes: Any) -> PlanRevision:
    """Build the first revision of an order's plan."""
    values = {"order_id": order_id, "number": 1, "plan": make_plan(), "origin": Origin.PLANNER, "created_at": NOW}
    return PlanRevision(**{**values, **changes})


def make_recipe(owner_id: str, **changes: Any) -> Recipe:
    """Build a recipe."""
    values = {"id": new_id(), "owner_id": owner_id, "name": "Web shop", "plan": make_plan(), "created_at": NOW}
    return Recipe(**{**values, **changes})


def make_run(order_id: str, **changes: Any) -> Run:
    """Build a run with one open item."""
    values = {
        "id": new_id(),
        "order_id": order_id,
        "kind": RunKind.INITIAL,
        "requested_by": "ada",
        "price_version": "2026-11-21",
        "created_at": NOW,
        "open_items": 1,
    }
    return Run(**{**values, **changes})


def make_item(run: Run, image_id: str, **changes: Any) -> RunItem:
    """Build a queued item."""
    values = {
        "id": new_id(),
        "run_id": run.id,
        "order_id": run.order_id,
        "image_id": image_id,
        "base_version": 0,
        "plan_revision": 1,
        "hold_id": new_id(),
        "created_at": NOW,
        "available_at": NOW,
    }
    return RunItem(**{**values, **changes})


def make_log_entry(order_id: str, **changes: Any) -> ActionLogEntry:
    """Build a line of the history."""
    values = {
        "id": new_id(),
        "order_id": order_id,
        "type": LogType.UPLOAD,
        "message": "3 pictures added",
        "at": NOW,
        "actor": "ada",
    }
    return ActionLogEntry(**{**values, **changes})


def make_event(topic: str = "order/1", **changes: Any) -> DomainEvent:
    """Build an event."""
    return DomainEvent(**{"name": "ImageProcessed", "topic": topic, "at": NOW, "data": {"image": "1"}, **changes})


def make_conversation(order: Order, **changes: Any) -> Conversation:
    """Build the conversation about an order."""
    values = {
        "id": new_id(),
        "kind": ConversationKind.INSTRUCTION,
        "owner_id": order.owner_id,
        "order_id": order.id,
        "created_at": NOW,
    }
    return Conversation(**{**values, **changes})


def make_message(conversation: Conversation, **changes: Any) -> Message:
    """Build the first message of a conversation."""
    values = {
        "id": new_id(),
        "conversation_id": conversation.id,
        "sequence": 1,
        "author": Author.USER,
        "text": "What does it cost?",
        "created_at": NOW,
    }
    return Message(**{**values, **changes})


def make_record(owner_id: str, **changes: Any) -> IdempotencyRecord:
    """Build the record of a request."""
    values = {
        "owner_id": owner_id,
        "key": "request-1",
        "operation": "create_order",
        "payload_hash": "0" * 64,
        "result_id": new_id(),
        "created_at": NOW,
    }
    return IdempotencyRecord(**{**values, **changes})


def make_account(owner_id: str, **changes: Any) -> CreditAccount:
    """Build an empty account."""
    return CreditAccount(**{"id": new_id(), "owner_id": owner_id, **changes})


def make_lot(account_id: str, **changes: Any) -> Lot:
    """Build a purchase of 100 credits that never expires."""
    lot_id = new_id()
    values = {
        "id": lot_id,
        "account_id": account_id,
        "source": Source.PURCHASE,
        "granted": 100,
        "remaining": 100,
        "created_at": NOW,
        "origin_key": f"payment:{lot_id}",
        "effective_at": NOW,
    }
    return Lot(**{**values, **changes})


def make_tx(**changes: Any) -> LedgerTx:
    """Build a grant with a key of its own."""
    tx_id = new_id()
    values = {
        "id": tx_id,
        "kind": TxKind.GRANT,
        "idempotency_key": f"key:{tx_id}",
        "payload_hash": "0" * 64,
        "actor": "ada",
        "reason": "Purchase",
        "ref_type": "lot",
        "ref_id": "1",
        "created_at": NOW,
    }
    return LedgerTx(**{**values, **changes})


def make_entries(tx: LedgerTx, account: CreditAccount, lot: Lot, amount: int) -> tuple[LedgerEntry, LedgerEntry]:
    """Build the two sides of a movement between an account and the issuance."""
    mine = LedgerEntry(
        tx_id=tx.id,
        account_id=account.id,
        amount=amount,
        lot_id=lot.id,
        seq=account.version + 1,
        balance_after=account.posted + amount,
    )
    return mine, LedgerEntry(tx_id=tx.id, account_id="system:issuance", amount=-amount)


def make_hold(lot: Lot, **changes: Any) -> Hold:
    """Build a hold of 4 credits from one lot."""
    hold_id = new_id()
    amount = changes.get("amount", 4)
    values = {
        "id": hold_id,
        "account_id": lot.account_id,
        "ref_type": "run_item",
        "ref_id": hold_id,
        "operation": "edit",
        "price_version": "2026-11-21",
        "unit_price": 4,
        "amount": amount,
        "allocations": (Allocation(lot_id=lot.id, amount=amount),),
        "created_at": NOW,
        "expires_at": NOW + 24 * HOUR,
    }
    return Hold(**{**values, **changes})


@attrs.frozen
class Seed:
    """Stores what other objects need: a user, an order, a picture, a run."""

    work: UnitOfWork

    def user(self, **changes: Any) -> User:
        """Store a user."""
        user = make_user(**changes)
        self.work.users.add(user)
        return user

    def order(self, owner_id: str | None = None, **changes: Any) -> Order:
        """Store an order, of a new user when none is named."""
        order = make_order(owner_id or self.user().id, **changes)
        self.work.orders.add(order)
        return order

    def image(self, order: Order, **changes: Any) -> OrderImage:
        """Store a picture of an order, with its file."""
        asset = make_asset(order.owner_id)
        self.work.assets.add(asset)
        image = make_image(order.id, asset.id, **changes)
        self.work.images.add(image)
        return image

    def run(self, *images: OrderImage, **changes: Any) -> tuple[Run, tuple[RunItem, ...]]:
        """Store a run over pictures of one order."""
        run = make_run(images[0].order_id, **{"open_items": len(images), **changes})
        items = tuple(make_item(run, image.id) for image in images)
        self.work.runs.add(run, items)
        return run, items

    def account(self, credits: int = 0, **lot: Any) -> CreditAccount:
        """Store an account of a new user, with one lot of credits when an amount is named."""
        account = make_account(self.user().id)
        self.work.ledger.add_account(account)
        if credits:
            self.grant(account, credits, **lot)
        return self.work.ledger.lock(account.id)

    def grant(self, account: CreditAccount, amount: int, **changes: Any) -> Lot:
        """Bring credits into an account, the shortest way."""
        account = self.work.ledger.lock(account.id)
        lot = make_lot(account.id, **{"granted": amount, "remaining": amount, **changes})
        self.work.ledger.add_lot(lot)
        tx = make_tx(ref_id=lot.id)
        self.work.ledger.post(tx, make_entries(tx, account, lot, amount))
        return lot
