"""Anthropic's language models, through its Messages API."""
