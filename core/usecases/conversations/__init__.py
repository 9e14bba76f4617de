"""Use cases of conversations with the assistant."""
