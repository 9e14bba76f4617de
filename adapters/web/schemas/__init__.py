"""Schemas of requests and answers, one module per context."""
