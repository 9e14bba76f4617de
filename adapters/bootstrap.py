"""Where ports meet implementations: settings in, use cases out. Heavy libraries are imported when first needed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs

from adapters.settings import Settings
from adapters.system.language_parts import LanguageParts
from core.ports.archiver import Archiver
from core.ports.blob_store import BlobStore
from core.ports.captcha import Captcha
from core.ports.clock import Clock
from core.ports.document_reader import DocumentReader
from core.ports.id_generator import IdGenerator
from core.ports.image_engine import ImageEngine
from core.ports.lease_keeper import LeaseKeeper
from core.ports.mailer import Mailer
from core.ports.password_hasher import PasswordHasher
from core.ports.password_meter import PasswordMeter
from core.ports.price_catalogue import PriceCatalogue
from core.ports.profiles import ProfileCatalogue
from core.ports.token_signer import TokenSigner
from core.ports.unit_of_work import NewReading, NewWork

if TYPE_CHECKING:
    from adapters.jobs.aside import Aside
    from adapters.jobs.broker import DramatiqQueue
    from adapters.jobs.runner import WorkerRunner
    from adapters.storage.sql import Database
    from core.usecases.accounts.passwords import PasswordKeeper, TokenIssuer, TokenTaker
    from core.usecases.accounts.sessions import SessionOpener
    from core.usecases.accounts.users import UserOpener
    from core.usecases.credits.bookkeeper import Bookkeeper
    from core.usecases.journal import Journal
    from core.usecases.maintenance.dispatch import Handler
    from core.usecases.orders.brief_files import BriefKeeper
    from core.usecases.plans.proposal import PlanChecker, Proposer
    from core.usecases.plans.understand import UnderstandInstruction
    from core.usecases.runs.ending import RunEnder
    from core.usecases.runs.finishing import ItemFinisher
    from core.usecases.runs.starting import RunStarter
    from plugins.manager import PluginManager

T = TypeVar("T")


class Application(LanguageParts):
    """Everything of one process, made on first use and closed together.

    ``use(SomeUseCase)`` returns the use case with its ports filled in: a field is filled from the attribute of
    this class that has the same name. Tests replace a port by passing it as a keyword.
    """

    def __init__(self, settings: Settings, **replaced: Any) -> None:
        self.settings = settings
        self.address = ""  # where the server of this process listens, once it does
        self.__dict__.update(replaced)

    def use(self, kind: type[T]) -> T:
        """Return a use case (or a part of one) with its ports.

        Args:
            kind: an attrs class whose fields are named after attributes of this class.
        """
        fields = attrs.fields(kind)  # type: ignore[arg-type]
        return kind(**{f.name: getattr(self, f.name) for f in fields if f.init and hasattr(type(self), f.name)})

    def __enter__(self) -> Self:
        """Return the application itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened."""
        self.close()

    def close(self) -> None:
        """Stop the engine's processes and close the database; what was never used stays unopened."""
        for name in ("engine", "documents", "summariser", "language_model", "database"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                opened.close()

    # Technology

    @cached_property
    def database(self) -> "Database":
        """The database of the settings."""
        from adapters.storage.sql import open_database

        return open_database(self.settings.database_url)

    @property
    def new_work(self) -> NewWork:
        """Begins a writing unit of work."""
        return self.database.new_work

    @property
    def new_reading(self) -> NewReading:
        """Begins a reading unit of work."""
        return self.database.new_reading

    @cached_property
    def clock(self) -> Clock:
        """The system's time."""
        from adapters.system.clock import SystemClock

        return SystemClock()

    @cached_property
    def ids(self) -> IdGenerator:
        """New ids and secrets."""
        from adapters.system.ids import UlidGenerator

        return UlidGenerator()

    @cached_property
    def secret_key(self) -> bytes:
        """The secret of this installation."""
        from adapters.system.home import load_secret_key, prepare_home

        prepare_home(self.settings.home)
        return load_secret_key(self.settings.home)

    def key(self, purpose: str) -> bytes:
        """Return the key for one purpose."""
        from adapters.system.home import derive_key

        return derive_key(self.secret_key, purpose)

    @cached_property
    def blobs(self) -> BlobStore:
        """The store of the settings."""
        if self.settings.blob_store == "s3":
            from adapters.storage.blobs.s3 import S3BlobStore

            options = {
                "endpoint_url": self.settings.s3_endpoint or None,
                "region_name": self.settings.s3_region or None,
            }
            return S3BlobStore(self.settings.s3_bucket, self.settings.s3_prefix, options=options)
        from adapters.storage.blobs.filesystem import FilesystemBlobStore

        return FilesystemBlobStore(self.settings.blobs_folder)

    @cached_property
    def archiver(self) -> Archiver:
        """Packs ZIP archives."""
        from adapters.storage.archive import ZipArchiver

        return ZipArchiver(self.blobs)

    @cached_property
    def engine(self) -> ImageEngine:
        """The local image engine."""
        from adapters.imaging.engine import LocalImageEngine
        from adapters.imaging.limits import Limits

        return LocalImageEngine(
            processes=self.settings.engine_processes,
            icc_folder=self.settings.icc_folder,
            onnx_model=self.settings.onnx_model,
            limits=Limits(render_wall_s=self.settings.render_seconds),
        )

    @cached_property
    def documents(self) -> DocumentReader:
        """Reads briefs."""
        from adapters.documents.reader import LocalDocumentReader

        return LocalDocumentReader()

    @cached_property
    def profiles(self) -> ProfileCatalogue:
        """Marketplace profiles, the bundled and the operator's own."""
        from adapters.profiles import BundledProfiles

        return BundledProfiles(self.settings.profiles_folder)

    @cached_property
    def prices(self) -> PriceCatalogue:
        """Price lists, the bundled and the operator's own."""
        from adapters.prices import BundledPrices

        return BundledPrices(self.settings.prices_folder)

    @cached_property
    def plugins(self) -> "PluginManager":
        """All plugins that could be loaded, and a report of those that could not."""
        from plugins.manager import PluginManager

        manager = PluginManager(blocked=self.settings.plugins_blocked)
        manager.load()
        return manager

    @cached_property
    def queue(self) -> "DramatiqQueue":
        """The way in which workers hear of new work."""
        from adapters.jobs.queues import build_queue

        return build_queue(self.settings)

    @cached_property
    def leases(self) -> LeaseKeeper:
        """Keeps the leases of work in progress."""
        from adapters.jobs.leases import ThreadLeaseKeeper

        return ThreadLeaseKeeper(new_work=self.new_work, clock=self.clock, lease=self.lease)

    def runner(self, order_id: str | None = None) -> "WorkerRunner":
        """Return a worker of this process, not yet started.

        Args:
            order_id: work on what is waiting in this order only, and leave events and files to a full worker.
        """
        from adapters.jobs.runner import Chore, WorkerRunner
        from core.usecases.accounts.sessions import ForgetSessions
        from core.usecases.maintenance.dispatch import DispatchEvents
        from core.usecases.maintenance.purge import PurgeOrders
        from core.usecases.maintenance.reconcile import ExpireCredits, HintReadyItems, ReleaseOverdueHolds
        from core.usecases.maintenance.sweep import SweepFiles
        from core.usecases.runs.process import ProcessItem

        process = self.use(ProcessItem)
        chores = [
            Chore(name="release of overdue holds", act=self.use(ReleaseOverdueHolds), every=60),
            Chore(name="expiry of credits", act=self.use(ExpireCredits), every=60),
        ]
        if order_id is None:
            chores.append(Chore(name="end of old sessions", act=self.use(ForgetSessions), every=3600, at_once=False))
            chores.append(Chore(name="purge of deleted orders", act=self.use(PurgeOrders), every=3600, at_once=False))
            chores.append(Chore(name="sweep of files", act=self.use(SweepFiles), every=3600, at_once=False))
        return WorkerRunner(
            process=lambda item_id: process(item_id=item_id),
            queue=self.queue,
            hint_ready=self.use(HintReadyItems),
            dispatch=self.use(DispatchEvents) if order_id is None else None,
            chores=chores,
            threads=self.settings.workers,
            reconcile_seconds=self.settings.reconcile_seconds,
            order_id=order_id,
        )

    @cached_property
    def hasher(self) -> PasswordHasher:
        """Hashes passwords."""
        from adapters.identity.argon2 import Argon2Hasher

        return Argon2Hasher(memory_kib=self.settings.password_memory_kib, passes=self.settings.password_passes)

    @cached_property
    def meter(self) -> PasswordMeter:
        """Measures passwords."""
        from adapters.identity.meter import ZxcvbnMeter

        return ZxcvbnMeter()

    @cached_property
    def signer(self) -> TokenSigner:
        """Signs mailed links."""
        from adapters.identity.signer import HmacSigner

        return HmacSigner(self.key("links"))

    @cached_property
    def captcha(self) -> Captcha:
        """The captcha of the settings."""
        if self.settings.captcha == "none":
            from adapters.identity.no_captcha import NoCaptcha

            return NoCaptcha()
        from adapters.identity.altcha import AltchaCaptcha

        return AltchaCaptcha(self.key("captcha"), self.clock)

    @cached_property
    def mailer(self) -> Mailer:
        """The way in which mail leaves, by the settings."""
        from adapters.email.letters import LetterWriter

        settings, writer = self.settings, LetterWriter(lambda: self.site)
        if settings.mail == "console":
            from adapters.email.console import ConsoleMailer

            return ConsoleMailer(writer, as_log=settings.log_format == "json")
        from adapters.email.smtp import PostOffice, SmtpMailer

        office = PostOffice(
            host=settings.smtp_host, port=settings.smtp_port, sender=settings.mail_from, user=settings.smtp_user,
            password=settings.smtp_password, needs_tls=settings.smtp_starttls,
        )  # fmt: skip
        return SmtpMailer(office, writer)

    # Values of the settings

    @property
    def site(self) -> str:
        """The address for links in mails: that of the settings, else where this machine listens.

        What a request calls its host is not believed: its sender could lead others to a place of their own.
        """
        host = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(self.settings.host, self.settings.host)  # noqa: S104
        shown = f"[{host}]" if ":" in host else host
        return self.settings.public_url or self.address.rstrip("/") or f"http://{shown}:{self.settings.port}"

    @property
    def require_verified_email(self) -> bool:
        """Whether people open a mailed link before they can sign in."""
        return self.settings.require_verified_email

    @property
    def lease(self) -> dt.timedelta:
        """How long a silent worker keeps its picture."""
        return dt.timedelta(seconds=self.settings.lease_seconds)

    @property
    def default_quota(self) -> int:
        """Bytes that an account may store."""
        return self.settings.quota_bytes

    @property
    def welcome_credits(self) -> int:
        """Credits of a new account."""
        return self.settings.welcome_credits

    @property
    def parallel(self) -> int:
        """Files looked at at once when pictures are added: some wait for the disk while others are decoded."""
        return self.settings.engine_processes + 6

    # Parts that several use cases share

    @cached_property
    def journal(self) -> "Journal":
        """Writes the action log and the event feed."""
        from core.usecases.journal import Journal

        return self.use(Journal)

    @cached_property
    def bookkeeper(self) -> "Bookkeeper":
        """Moves credits."""
        from core.usecases.credits.bookkeeper import Bookkeeper

        return self.use(Bookkeeper)

    @cached_property
    def checker(self) -> "PlanChecker":
        """Refuses plans that cannot be carried out."""
        from core.usecases.plans.proposal import PlanChecker

        return self.use(PlanChecker)

    @cached_property
    def brief_keeper(self) -> "BriefKeeper":
        """Keeps the documents of briefs."""
        from core.usecases.orders.brief_files import BriefKeeper

        return self.use(BriefKeeper)

    @cached_property
    def proposer(self) -> "Proposer":
        """Stores and prices plans."""
        from core.usecases.plans.proposal import Proposer

        return self.use(Proposer)

    @cached_property
    def starter(self) -> "RunStarter":
        """Starts runs."""
        from core.usecases.runs.starting import RunStarter

        return self.use(RunStarter)

    @cached_property
    def ender(self) -> "RunEnder":
        """Ends runs and orders."""
        from core.usecases.runs.ending import RunEnder

        return self.use(RunEnder)

    @cached_property
    def finisher(self) -> "ItemFinisher":
        """Ends items."""
        from core.usecases.runs.finishing import ItemFinisher

        return self.use(ItemFinisher)

    @cached_property
    def understand(self) -> "UnderstandInstruction":
        """Reads words without storing them."""
        from core.usecases.plans.understand import UnderstandInstruction

        return self.use(UnderstandInstruction)

    @cached_property
    def opener(self) -> "UserOpener":
        """Opens accounts."""
        from core.usecases.accounts.users import UserOpener

        return self.use(UserOpener)

    @cached_property
    def keeper(self) -> "PasswordKeeper":
        """Keeps passwords."""
        from core.usecases.accounts.passwords import PasswordKeeper

        return self.use(PasswordKeeper)

    @cached_property
    def issuer(self) -> "TokenIssuer":
        """Makes one-time tokens."""
        from core.usecases.accounts.passwords import TokenIssuer

        return self.use(TokenIssuer)

    @cached_property
    def taker(self) -> "TokenTaker":
        """Takes one-time tokens."""
        from core.usecases.accounts.passwords import TokenTaker

        return self.use(TokenTaker)

    @cached_property
    def session_opener(self) -> "SessionOpener":
        """Begins sessions."""
        from core.usecases.accounts.sessions import SessionOpener

        return self.use(SessionOpener)

    @cached_property
    def handlers(self) -> "Mapping[str, Sequence[Handler]]":
        """What is done with events of the outbox, by event name."""
        from adapters.email.delivery import giving_up
        from core.usecases.accounts.letters import LETTERS, SendLetter

        send = giving_up(self.use(SendLetter))
        written = (self.summariser,) if self.caller is not None else ()
        return {
            "RunStarted": (lambda event: self.queue.hint(event.data["items"]),),
            **dict.fromkeys(LETTERS, (send,)),
            **dict.fromkeys(("OrderCompleted", "OrderFailed"), written),
        }

    @cached_property
    def summariser(self) -> "Aside":
        """Has summaries written by the language model, while other events go on: an answer may take long."""
        from adapters.jobs.aside import Aside
        from core.usecases.summaries.write import WriteSummary

        return Aside("summariser", self.use(WriteSummary).after)
