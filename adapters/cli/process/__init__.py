"""``i2i process``: from photos and words to finished files in one go."""

from adapters.cli.process.command import process

__all__ = ["process"]
