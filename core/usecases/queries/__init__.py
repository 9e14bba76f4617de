"""Read models: one question per class, answered with frozen views."""
