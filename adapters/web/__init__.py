"""The web adapter: use cases over HTTP."""
