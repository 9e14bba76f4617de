"""What the core asks of the outside world, one protocol per file."""
