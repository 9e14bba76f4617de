"""Accounts: oneself, one's keys, and users for administrators."""

from typing import Any

from adapters.web.api.base import described, make_blueprint
from adapters.web.responses import Envelope
from adapters.web.schemas.accounts import ApiKeyCreate, ApiKeyOut, NewApiKeyOut, UserCreate, UserOut
from adapters.web.security import actor, application
from core.kernel.actor import Scope
from core.usecases.accounts.api_keys import CreateApiKey, ListApiKeys, RevokeApiKey
from core.usecases.accounts.users import CreateUser, GetUser, ListUsers

blueprint = make_blueprint("accounts", tag="Accounts", about="Oneself, one's keys, and users for administrators.")


class UserAnswer(Envelope[UserOut]):
    """One user."""


class UsersAnswer(Envelope[list[UserOut]]):
    """Users, oldest first."""


class KeyAnswer(Envelope[ApiKeyOut]):
    """One key."""


class NewKeyAnswer(Envelope[NewApiKeyOut]):
    """A new key with its secret."""


class KeysAnswer(Envelope[list[ApiKeyOut]]):
    """Keys, oldest first."""


@blueprint.get("/user/me")
@blueprint.get("/auth/me")
@blueprint.output(UserAnswer)
@blueprint.doc(**described())
def get_me() -> dict[str, Any]:
    """Show whose key this is."""
    return {"data": application().use(GetUser)(actor=actor(), user="me")}


@blueprint.get("/user/api-keys")
@blueprint.output(KeysAnswer)
@blueprint.doc(**described())
def list_api_keys() -> dict[str, Any]:
    """List one's keys, without their secrets."""
    return {"data": application().use(ListApiKeys)(actor=actor())}


@blueprint.post("/user/api-keys")
@blueprint.input(ApiKeyCreate)
@blueprint.output(NewKeyAnswer, status_code=201)
@blueprint.doc(**described(409, 422))
def create_api_key(json_data: ApiKeyCreate) -> dict[str, Any]:
    """Create a key for programs; its secret is shown once."""
    made = application().use(CreateApiKey)(actor=actor(), **json_data.model_dump())
    return {"data": {**ApiKeyOut.model_validate(made.key).model_dump(), "secret": made.secret}}


@blueprint.delete("/user/api-keys/<id:key_id>")
@blueprint.output(KeyAnswer)
@blueprint.doc(**described(404))
def revoke_api_key(key_id: str) -> dict[str, Any]:
    """Revoke a key at once."""
    return {"data": application().use(RevokeApiKey)(actor=actor(), key_id=key_id)}


@blueprint.get("/admin/users")
@blueprint.output(UsersAnswer)
@blueprint.doc(**described(scope=Scope.ADMIN))
def list_users() -> dict[str, Any]:
    """List all users."""
    return {"data": application().use(ListUsers)(actor=actor())}


@blueprint.post("/admin/users")
@blueprint.input(UserCreate)
@blueprint.output(UserAnswer, status_code=201)
@blueprint.doc(**described(409, 422, scope=Scope.ADMIN))
def create_user(json_data: UserCreate) -> dict[str, Any]:
    """Create a user with the welcome grant."""
    return {"data": application().use(CreateUser)(actor=actor(), **json_data.model_dump())}
