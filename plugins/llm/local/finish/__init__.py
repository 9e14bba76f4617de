"""Finishing: from what was said to steps that run, with what follows from them and what contradicts."""
