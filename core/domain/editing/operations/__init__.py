"""Declarations of the operations, by family."""
