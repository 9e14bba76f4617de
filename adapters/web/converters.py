"""What may stand in an address: anything else is no address at all."""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError


class IdConverter(BaseConverter):
    """An id: digits and letters, so that neither paths nor queries hide in it."""

    regex = "[0-9A-Za-z]{1,40}"


class WordConverter(BaseConverter):
    """A name chosen by a person."""

    regex = "[^/]{1,120}"

    def to_python(self, value: str) -> str:
        """Refuse names that nobody could have chosen."""
        if not value.isprintable():
            raise ValidationError
        return value


def register(app: Flask) -> None:
    """Offer ``<id:…>`` and ``<word:…>`` in routes."""
    app.url_map.converters.update({"id": IdConverter, "word": WordConverter})
