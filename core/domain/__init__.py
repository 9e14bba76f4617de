"""Entities, value objects and rules, one module or package per bounded context."""
