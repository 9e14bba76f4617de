"""Planning with a language model: asked, checked, asked once more, laid over the local plan, or done without."""

import logging

import attrs

from core.domain.editing.plan import EditPlan, PlanWarning, check_plan
from core.domain.editing.resolve import resolve
from core.errors import InvalidInputError, ProviderError
from core.ports.clock import Clock
from core.ports.language_model import AnswerInvalidError, ModelRequest
from core.ports.planner import Planner, PlanRequest
from core.ports.profiles import ProfileCatalogue
from core.usecases.language.calling import Caller
from core.usecases.language.failing import without_model
from core.usecases.language.plan_merging import lay_over
from core.usecases.language.plan_prompt import plan_question, repair_turns
from core.usecases.language.plan_reading import Reading, read_plan

log = logging.getLogger(__name__)
INCOMPLETE = "A part of the language model's answer could not be used; look at what was not understood."


@attrs.frozen(kw_only=True)
class ModelPlanner:
    """Reads instructions with the local planner and a language model; without the model when it fails.

    Args:
        name: key of the provider; plans that the model took part in name it as their author.
        prompt_key: secret of the installation, for marks around what others wrote.
        plan_tokens: longest answer.
        model_seconds: longest time for one answer.
    """

    name: str
    local_planner: Planner
    caller: Caller
    profiles: ProfileCatalogue
    clock: Clock
    prompt_key: bytes = attrs.field(repr=False)
    plan_tokens: int = 4000
    model_seconds: float = 60.0

    def plan(self, request: PlanRequest) -> EditPlan:
        """Compile the instruction; a failure of the model gives the local plan with a warning.

        Raises:
            InvalidInputError: the local planner refuses the instruction.
        """
        local = self.local_planner.plan(request)
        if not request.instruction.strip():
            return local
        try:
            plan = self._ask(request, local)
        except ProviderError as error:
            log.warning("The language model took no part in a plan: %s.", error.code)
            return attrs.evolve(local, warnings=(*local.warnings, PlanWarning(about=without_model(error))))
        return attrs.evolve(plan, warnings=(*plan.warnings, *self._age()))

    def _ask(self, request: PlanRequest, local: EditPlan) -> EditPlan:
        """Return the plan of both, after at most one answer that had to be put right.

        Raises:
            ProviderError: there was no answer that could be used at all.
        """
        card = self.caller.card
        question = plan_question(
            request, key=self.prompt_key, card=card, max_tokens=self.plan_tokens, seconds=self.model_seconds
        )
        answer, reading, problems = self._attempt(question, request)
        made = None if reading is None else self._made(reading, local, request)
        if problems or made is None:
            again = problems or ("The steps contradict one another or each other's outputs.",)
            question = attrs.evolve(question, turns=(*question.turns, *repair_turns(answer, again)))
            answer, reading, problems = self._attempt(question, request)
            made = None if reading is None else self._made(reading, local, request)
        if made is None:
            raise AnswerInvalidError("The language model wrote no plan that could be used.")
        incomplete = (PlanWarning(about=INCOMPLETE),) if problems else ()
        return attrs.evolve(made, warnings=(*made.warnings, *incomplete))

    def _attempt(self, question: ModelRequest, request: PlanRequest) -> tuple[str, Reading | None, tuple[str, ...]]:
        """Return the answer, what could be read of it, and what is wrong with it."""
        try:
            answer = self.caller.ask(question, record=request.record).text
        except AnswerInvalidError as error:
            return str(error.details.get("text") or ""), None, ("It is cut off, or is not JSON as asked for.",)
        knows = self._knows_profile
        reading = read_plan(answer, request.instruction, knows_profile=knows)
        is_useless = reading == Reading(problems=reading.problems) and bool(reading.problems)
        return answer, None if is_useless else reading, reading.problems

    def _knows_profile(self, name: str) -> bool:
        return self.profiles.find(name) is not None

    def _made(self, reading: Reading, local: EditPlan, request: PlanRequest) -> EditPlan | None:
        """Return the plan of both; None when it could not be carried out."""
        merged = lay_over(local, reading, brief=request.instruction, planner=self.name)
        try:
            plan = check_plan(merged)
            if not plan.open_questions:
                for picture in request.pictures:
                    resolve(plan, picture)
        except InvalidInputError:
            return None
        return plan

    def _age(self) -> tuple[PlanWarning, ...]:
        card = self.caller.card
        if not card.is_shut_down(self.clock.now().date()):
            return ()
        return (PlanWarning(about=card.obituary),)
