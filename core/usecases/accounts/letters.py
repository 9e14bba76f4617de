"""Letters about an account, written when its events leave the outbox."""

import attrs

from core.domain.accounts import OPERATOR_EMAIL, User
from core.errors import NotFoundError
from core.kernel.events import DomainEvent
from core.ports.clock import Clock
from core.ports.mailer import Mailer
from core.ports.token_signer import TokenSigner
from core.ports.unit_of_work import NewReading

# Event -> template and the page that its link opens; the events carry no secret, the link is signed here.
LETTERS = {
    "VerificationRequested": ("verify_email", "/verify-email"),
    "PasswordResetRequested": ("reset_password", "/reset-password"),
    "SignUpUnfinished": ("finish_sign_up", "/reset-password"),
    "SignUpRepeated": ("account_exists", "/sign-in"),
    "PasswordChanged": ("password_changed", "/forgot-password"),
}


@attrs.frozen(kw_only=True)
class SendLetter:
    """Mail what an event is about to the person it concerns."""

    new_reading: NewReading
    clock: Clock
    mailer: Mailer
    signer: TokenSigner

    def __call__(self, event: DomainEvent) -> None:
        """Send the letter, unless it concerns nobody or its link no longer works.

        Raises:
            ProviderUnavailableError: the post office does not answer.
            ProviderRejectedError: it refuses the letter.
        """
        user, path = self._about(event)
        if user is None or path is None or user.email == OPERATOR_EMAIL:
            return
        template, _ = LETTERS[event.name]
        self.mailer.send(to=user.email, template=template, values={"name": user.name, "path": path})

    def _about(self, event: DomainEvent) -> tuple[User | None, str | None]:
        user_id, token_id = event.data.get("user"), event.data.get("token")
        path = LETTERS[event.name][1]
        if user_id is None:
            return None, None
        with self.new_reading() as work:
            try:
                user = work.users.get(user_id)
            except NotFoundError:
                return None, None
            if token_id is None:
                return user, path
            token = work.tokens.find(token_id)
        if token is None or token.used_at is not None or self.clock.now() >= token.expires_at:
            return user, None
        return user, f"{path}?token={self.signer.sign(token.id, purpose=token.purpose)}"
