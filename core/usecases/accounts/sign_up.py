"""Opening an account, and showing that its address is one's own."""

import datetime as dt

import attrs

from core.domain.access import Purpose
from core.domain.accounts import User, UserStatus, clean_company, clean_email, clean_name
from core.errors import ConflictError, InvalidInputError
from core.kernel.actor import Role
from core.kernel.events import DomainEvent
from core.ports.captcha import Captcha
from core.ports.clock import Clock
from core.ports.unit_of_work import NewWork, UnitOfWork
from core.usecases.accounts.passwords import PasswordKeeper, TokenIssuer, TokenTaker, note_nobody
from core.usecases.accounts.users import UserOpener

TERMS_VERSION = "2026-11-21"
OPEN_ROLES = frozenset({Role.CUSTOMER, Role.DESIGNER, Role.TAILOR})
RESEND_EVERY = dt.timedelta(hours=6)
RESENDS = 3


@attrs.frozen(kw_only=True)
class Applicant:
    """What somebody says about themselves when they sign up."""

    name: str
    email: str
    password: str = attrs.field(repr=False)
    company_name: str = ""
    accepts_terms: bool = False
    roles: frozenset[Role] = frozenset({Role.CUSTOMER})


@attrs.frozen(kw_only=True)
class SignUp:
    """Open an account and mail a link that verifies its address."""

    new_work: NewWork
    clock: Clock
    captcha: Captcha
    keeper: PasswordKeeper
    issuer: TokenIssuer
    opener: UserOpener
    require_verified_email: bool

    def __call__(self, *, applicant: Applicant, captcha: str = "") -> None:
        """Open the account; a taken address looks the same from outside, and its owner is told by mail.

        Raises:
            InvalidInputError: a bad name or address, terms that were not accepted (``terms_required``), a role that
                cannot be chosen, or code ``captcha_failed``.
            WeakPasswordError: the password breaks a rule or is easy to guess.
        """
        clean = attrs.evolve(
            applicant, name=clean_name(applicant.name), email=clean_email(applicant.email),
            company_name=clean_company(applicant.company_name),
        )  # fmt: skip
        if not clean.accepts_terms:
            raise InvalidInputError("Accept the terms to open an account.", code="terms_required")
        if not clean.roles <= OPEN_ROLES:
            raise InvalidInputError("This role cannot be chosen.", code="invalid_role")
        proof = self.captcha.check(captcha)
        hashed = self.keeper.hash(clean.password, words=(clean.name, clean.email, clean.company_name))
        with self.new_work() as work:
            now = self.clock.now()
            if proof is not None and not work.proofs.spend(proof.key, expires_at=proof.expires_at, now=now):
                raise InvalidInputError("The check against robots failed; let it run again.", code="captcha_failed")
            self._open(work, clean, hashed)
            work.commit()

    def _open(self, work: UnitOfWork, applicant: Applicant, hashed: str) -> None:
        try:
            user = self.opener.open(
                work, email=applicant.email, name=applicant.name, roles=applicant.roles | {Role.CUSTOMER},
                company_name=applicant.company_name, is_verified=False,
            )  # fmt: skip
        except ConflictError:
            owner = work.users.find_by_email(applicant.email)
            self._tell(work, owner)
            return
        self.keeper.put(work, user, hashed, event="UserSignedUp", terms=TERMS_VERSION)
        self.issuer.issue(work, user, Purpose.VERIFY_EMAIL, event="VerificationRequested")

    def _tell(self, work: UnitOfWork, owner: User | None) -> None:
        if owner is None or owner.status is not UserStatus.ACTIVE:
            note_nobody(work, "SignUpRepeated", self.clock)
        elif owner.email_verified_at is None and self.require_verified_email:
            # Nobody knows which of the two has this address: no password of a sign-up counts any longer, and whoever
            # reads the mail chooses one. Else the first could wait until the second confirms the address for both.
            self.keeper.put(work, owner, self.keeper.hasher.dummy, event="SignUpUnclear")
            self.issuer.issue(work, owner, Purpose.RESET_PASSWORD, event="SignUpUnfinished")
        else:
            data = {"user": owner.id}
            work.events.add(
                DomainEvent(name="SignUpRepeated", topic=f"account/{owner.id}", at=self.clock.now(), data=data)
            )


@attrs.frozen(kw_only=True)
class VerifyEmail:
    """Verify the address of an account with the mailed link."""

    new_work: NewWork
    clock: Clock
    taker: TokenTaker

    def __call__(self, *, token: str) -> User:
        """Mark the address as verified.

        Raises:
            InvalidInputError: code ``token_invalid`` or ``token_expired``.
        """
        with self.new_work() as work:
            user = work.users.get(self.taker.take(work, token, Purpose.VERIFY_EMAIL))
            now = self.clock.now()
            if user.email_verified_at is None:
                user = work.users.save(attrs.evolve(user, email_verified_at=now))
            data = {"user": user.id}
            work.events.add(DomainEvent(name="EmailVerified", topic=f"account/{user.id}", at=now, data=data))
            work.commit()
        return user


@attrs.frozen(kw_only=True)
class ResendVerification:
    """Mail the link that verifies an address again."""

    new_work: NewWork
    clock: Clock
    issuer: TokenIssuer

    def __call__(self, *, email: str) -> None:
        """Mail it to an unverified account, three times in six hours at most; the answer tells nothing of this.

        Raises:
            InvalidInputError: code ``invalid_email``.
        """
        address = clean_email(email)
        with self.new_work() as work:
            user = work.users.find_by_email(address)
            if user is not None and user.email_verified_at is None and self._may_mail(work, user):
                self.issuer.issue(work, user, Purpose.VERIFY_EMAIL, event="VerificationRequested")
            else:
                note_nobody(work, "VerificationRequested", self.clock)
            work.commit()

    def _may_mail(self, work: UnitOfWork, user: User) -> bool:
        since = self.clock.now() - RESEND_EVERY
        is_rare = work.tokens.count(user.id, Purpose.VERIFY_EMAIL, since=since) <= RESENDS
        return user.status is UserStatus.ACTIVE and is_rare
