"""One tiny request, to see whether a language model answers."""

from core.ports.language_model import ModelRequest, Purpose, Speaker, Turn
from core.usecases.language.calling import Answer, Caller

SECONDS = 30.0
MAX_TOKENS = 200  # some models think before they answer, and are billed for it


def check_model(caller: Caller) -> Answer:
    """Ask the model for one word.

    Raises:
        ProviderError: it does not answer; the message says why.
    """
    turn = Turn(speaker=Speaker.USER, text="Answer with the single word ok.")
    system = "You are asked by a program whether you can be reached."
    request = ModelRequest(
        purpose=Purpose.CHECK, system=system, turns=(turn,), max_output_tokens=MAX_TOKENS, seconds=SECONDS
    )
    return caller.ask(request)
