"""A person with one object in the state that a route is about."""

from collections.abc import Callable

import attrs

from core.domain.access import Purpose
from core.domain.editing.plan import EditPlan, Option, Question
from core.domain.orders import Order
from core.errors import InvalidInputError
from core.usecases.accounts.api_keys import ListApiKeys
from core.usecases.assets.logos import AddLogo
from core.usecases.conversations.send import SendMessage
from core.usecases.images.review import ApproveImages
from core.usecases.orders.change import DeleteOrder
from core.usecases.orders.read_brief import ReadBrief
from core.usecases.orders.set_instruction import SetInstruction
from core.usecases.plans.preview import PreviewPlan
from core.usecases.plans.submit import SubmitOrder
from core.usecases.recipes.keep import SaveRecipe
from core.usecases.runs.confirm import ConfirmOrder
from tests.factories import make_token
from tests.fakes import brighter, picture
from tests.web.browser import open_session, with_password
from tests.web.rows import Row
from tests.web.site import Person, Site

QUESTION = Question(key="white", about="Which white?", options=(Option(key="pure", label="Pure white"),))


@attrs.define
class Owner:
    """A person, and what can be put into the address and the body of a route.

    Args:
        values: ids of the person's objects by the names that routes use.
    """

    site: Site
    person: Person
    row: Row
    values: dict[str, str] = attrs.field(init=False)
    preview: str = attrs.field(default="none", init=False)
    message: str = attrs.field(default="none", init=False)

    def __attrs_post_init__(self) -> None:
        studio, actor = self.site.studio, self.person.actor
        order = self._order()
        images = [i.id for i in studio.images(order.id)] if order is not None else [""]
        self.values = {
            "order_id": order.id if order is not None else "",
            "image_id": images[0],
            "all": ",".join(images),
            "email": studio.operator().user_id,
            "name": self._name(),
            "message_id": self.message,
            "preview": self.preview,
            "asset_id": self._logo(),
            "session_id": open_session(self.site, actor).session.id if self.row.is_for_people else "none",
            "login": with_password(self.site, actor) if "login" in self.row.needs else "none",
            "verify_token": self._token(Purpose.VERIFY_EMAIL),
            "reset_token": self._token(Purpose.RESET_PASSWORD),
            "key_id": studio.use(ListApiKeys)(actor=actor)[0].id,
            "profile": studio.app.profiles.list()[0].id,
            "filename": "reference.css",
            "number": "1",
        }

    def _order(self) -> Order | None:
        studio, actor = self.site.studio, self.person.actor
        makers: dict[str, Callable[[], Order]] = {
            "draft": lambda: studio.draft(actor),
            "briefed": self._briefed,
            "planned": lambda: studio.planned(actor).order,
            "working": lambda: studio.confirmed(actor).order,
            "done": lambda: studio.finished(actor),
            "previewed": self._previewed,
            "proposed": self._proposed,
            "answering": self._answering,
            "open": lambda: studio.planned(actor, plan=EditPlan(questions=(QUESTION,))).order,
            "failed": self._failed,
            "approved": self._approved,
            "deleted": lambda: studio.use(DeleteOrder)(actor=actor, order_id=studio.draft(actor).id),
        }
        return makers[self.row.state]() if self.row.state in makers else None

    def _briefed(self) -> Order:
        """Return an order with a document attached."""
        studio, actor = self.site.studio, self.person.actor
        file = studio.file("brief.txt", b"White background.")
        brief = studio.use(ReadBrief)(name=file.name, path=file.path, size=file.bytes)
        return studio.use(SetInstruction)(actor=actor, order_id=studio.draft(actor).id, brief=brief)

    def _previewed(self) -> Order:
        studio, actor = self.site.studio, self.person.actor
        order = studio.planned(actor).order
        image = studio.images(order.id)[0]
        preview = studio.use(PreviewPlan)(actor=actor, order_id=order.id, image_id=image.id)
        self.preview = preview.files[0].name
        return order

    def _proposed(self) -> Order:
        """Return an order about which the assistant proposed a change."""
        studio, actor = self.site.studio, self.person.actor
        order = studio.planned(actor).order
        studio.planner.lines["darker"] = brighter(-0.5)
        self.message = studio.use(SendMessage)(actor=actor, order_id=order.id, text="darker").answer.id
        return order

    def _answering(self) -> Order:
        """Return an order about which somebody has just asked the assistant."""
        studio, actor = self.site.studio, self.person.actor
        order = studio.planned(actor).order
        studio.use(SendMessage).stream(actor=actor, order_id=order.id, text="darker")
        return order

    def _failed(self) -> Order:
        studio, actor = self.site.studio, self.person.actor
        order = studio.draft(actor)
        studio.use(SubmitOrder)(actor=actor, order_id=order.id)
        studio.engine.behaviours.update({c: [InvalidInputError("It is damaged.")] for c in self._contents(order)})
        studio.use(ConfirmOrder)(actor=actor, order_id=order.id)
        studio.work()
        return studio.order(order.id)

    def _contents(self, order: Order) -> list[bytes]:
        studio, found = self.site.studio, []
        with studio.app.new_reading() as work:
            keys = [work.assets.get(i.asset_id).storage_key for i in work.images.list(order.id)]
        for key in keys:
            with studio.blobs.open(key) as file:
                found.append(file.read())
        return found

    def _approved(self) -> Order:
        studio, actor = self.site.studio, self.person.actor
        order = studio.finished(actor)
        ids = [i.id for i in studio.images(order.id)]
        studio.use(ApproveImages)(actor=actor, order_id=order.id, image_ids=ids)
        return order

    def _token(self, purpose: Purpose) -> str:
        """Return what a mailed link holds."""
        studio = self.site.studio
        if purpose.value not in self.row.needs:
            return "none"
        token = make_token(self.person.actor.user_id, purpose=purpose, created_at=studio.clock.now())
        with studio.app.new_work() as work:
            work.tokens.add(token)
            work.commit()
        return studio.app.signer.sign(token.id, purpose=purpose)

    def _name(self) -> str:
        needs = {"asset": "assets/app.js", "sample": "mug.jpg"}
        return next((needs[n] for n in needs if n in self.row.needs), None) or self._recipe()

    def _recipe(self) -> str:
        if self.row.state != "recipe" and "recipe" not in self.row.needs:
            return "none"
        return self.site.studio.use(SaveRecipe)(actor=self.person.actor, name="Shop", plan=brighter()).id

    def _logo(self) -> str:
        if self.row.state != "logo":
            return "none"
        file = self.site.studio.file("logo.png", picture("logo", "png"))
        add = self.site.studio.use(AddLogo)
        return add(actor=self.person.actor, name=file.name, path=file.path, size=file.bytes).id
