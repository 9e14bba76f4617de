"""What a plugin for i2i needs, and the only names of i2i that one may import.

Everything listed in ``__all__`` keeps its meaning within a major version.
"""

from typing import Any

from core.domain.editing.plan import (
    Assumption,
    Cause,
    Change,
    ChangeKind,
    Constraint,
    EditPlan,
    Option,
    Output,
    PlanWarning,
    Question,
    Step,
    Unsupported,
    check_plan,
)
from core.domain.editing.scope import Scope
from core.domain.integrations import InvalidSettingsError, Setting, SettingKind
from core.domain.language_models import ModelCard, StructuredOutput, TokenPrice
from core.errors import (
    CredentialsError,
    I2IError,
    InvalidInputError,
    ProviderError,
    ProviderRejectedError,
    ProviderUnavailableError,
)
from core.ports.dam import (
    Capability,
    Dam,
    DamContext,
    DamDescriptor,
    DamFormatError,
    DamFullError,
    DamItem,
    DamRateLimitedError,
    DamReceipt,
)
from core.ports.language_model import (
    AnswerCancelledError,
    AnswerInvalidError,
    CancelToken,
    ContentBlockedError,
    Finished,
    LanguageModel,
    ModelConnectionError,
    ModelFundsExhaustedError,
    ModelOverloadedError,
    ModelRateLimitedError,
    ModelRequest,
    ModelRequestError,
    ModelTimeoutError,
    Picture,
    Purpose,
    Speaker,
    TextDelta,
    Turn,
    UnsupportedByModelError,
    Usage,
)
from core.ports.planner import Planner, PlanRequest
from core.ports.profiles import ProfileCatalogue
from plugins.hookspecs import (
    LanguageModelContext,
    LanguageModelDescriptor,
    PlannerContext,
    PlannerDescriptor,
    hookimpl,
)

__version__: str

__all__ = [
    "AnswerCancelledError",
    "AnswerInvalidError",
    "Assumption",
    "CancelToken",
    "Capability",
    "Cause",
    "Change",
    "ChangeKind",
    "Constraint",
    "ContentBlockedError",
    "CredentialsError",
    "Dam",
    "DamContext",
    "DamDescriptor",
    "DamFormatError",
    "DamFullError",
    "DamItem",
    "DamRateLimitedError",
    "DamReceipt",
    "EditPlan",
    "Finished",
    "I2IError",
    "InvalidInputError",
    "InvalidSettingsError",
    "LanguageModel",
    "LanguageModelContext",
    "LanguageModelDescriptor",
    "ModelCard",
    "ModelConnectionError",
    "ModelFundsExhaustedError",
    "ModelOverloadedError",
    "ModelRateLimitedError",
    "ModelRequest",
    "ModelRequestError",
    "ModelTimeoutError",
    "Option",
    "Output",
    "Picture",
    "PlanRequest",
    "PlanWarning",
    "Planner",
    "PlannerContext",
    "PlannerDescriptor",
    "ProfileCatalogue",
    "ProviderError",
    "ProviderRejectedError",
    "ProviderUnavailableError",
    "Purpose",
    "Question",
    "Scope",
    "Setting",
    "SettingKind",
    "Speaker",
    "Step",
    "StructuredOutput",
    "TextDelta",
    "TokenPrice",
    "Turn",
    "Unsupported",
    "UnsupportedByModelError",
    "Usage",
    "__version__",
    "check_plan",
    "hookimpl",
]


def __getattr__(name: str) -> Any:
    """Look the version up when it is asked for: it is stated once, in the metadata of the distribution."""
    if name == "__version__":
        from importlib.metadata import version

        return version("i2i")
    raise AttributeError(f"module 'i2i' has no attribute {name!r}")
