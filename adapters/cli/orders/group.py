"""The group ``i2i order``."""

import click

order = click.Group("order", help="Orders: pictures, an instruction, a plan, and the work on them.")
