"""Forms of the pages for people who are not signed in yet, and for passwords."""

from typing import Any

from flask import request
from wtforms import BooleanField, Form, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from core.errors import I2IError

TYPED = Length(max=1000, message="This is too long.")
# Which field a refusal of the core is about.
FIELDS = {
    "invalid_name": "name",
    "invalid_email": "email",
    "invalid_company": "company_name",
    "weak_password": "password",
    "terms_required": "accept_terms",
    "wrong_password": "current",
}


class PageForm(Form):  # type: ignore[misc]
    """A form that is read from the current request and remembers what it was refused for."""

    def __init__(self, **values: Any) -> None:
        super().__init__(request.form if request.method == "POST" else None, **values)
        self.problem = ""

    def is_sent(self) -> bool:
        """Whether it was sent and every field can be used."""
        return request.method == "POST" and bool(self.validate())

    def refuse(self, error: I2IError) -> None:
        """Show a refusal beside the field that it is about, or above the form."""
        name = FIELDS.get(error.code, "")
        if error.code == "weak_password" and "new" in self:
            name = "new"
        if name in self:
            self[name].errors = [*self[name].errors, error.message]
        else:
            self.problem = error.message

    def error(self, name: str) -> str:
        """Return the first error of a field."""
        return str(next(iter(self[name].errors), ""))

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Return field ids and errors, in the order of the form."""
        return [(f"field-{field.name}", self.error(field.name)) for field in self if field.errors]


def _needed(what: str) -> DataRequired:
    return DataRequired(message=f"Enter {what}.")


class SignInForm(PageForm):
    """Address and password."""

    email = StringField(validators=[_needed("your e-mail address"), TYPED])
    password = PasswordField(validators=[_needed("your password"), TYPED])
    remember = BooleanField()


class SignUpForm(PageForm):
    """A new account."""

    name = StringField(validators=[_needed("your name"), TYPED])
    email = StringField(validators=[_needed("your e-mail address"), TYPED])
    company_name = StringField(validators=[TYPED])
    password = PasswordField(validators=[_needed("a password"), TYPED])
    repeat = PasswordField(
        validators=[_needed("the password again"), EqualTo("password", message="The two passwords differ.")]
    )
    accept_terms = BooleanField(validators=[DataRequired(message="Accept the terms to open an account.")])
    altcha = StringField()


class EmailForm(PageForm):
    """An address."""

    email = StringField(validators=[_needed("your e-mail address"), TYPED])


class NewPasswordForm(PageForm):
    """A new password, twice, and the link that permits it."""

    token = StringField(validators=[TYPED])
    password = PasswordField(validators=[_needed("a password"), TYPED])
    repeat = PasswordField(
        validators=[_needed("the password again"), EqualTo("password", message="The two passwords differ.")]
    )


class ChangePasswordForm(PageForm):
    """The password that is, and the one to come, twice."""

    current = PasswordField(validators=[_needed("your current password"), TYPED])
    new = PasswordField(validators=[_needed("a new password"), TYPED])
    repeat = PasswordField(
        validators=[_needed("the new password again"), EqualTo("new", message="The two passwords differ.")]
    )


class ApiKeyForm(PageForm):
    """A new key."""

    name = StringField(validators=[_needed("a name"), TYPED])
