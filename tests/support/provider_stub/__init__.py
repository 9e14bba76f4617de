"""A server on this machine that answers as providers of language models do, and checks what it is sent.

Requests and scripted answers are checked with the providers' own published specifications, so that neither a plugin
nor a test can be wrong about them unseen.
"""

from tests.support.provider_stub.script import Answer, Fault, Hangup, Hold, Item, Raw, Silence
from tests.support.provider_stub.server import Desk, Logged, ProviderStub
from tests.support.provider_stub.specs import SPECS

__all__ = ["SPECS", "Answer", "Desk", "Fault", "Hangup", "Hold", "Item", "Logged", "ProviderStub", "Raw", "Silence"]
