"""Exports finished pictures of i2i to a Shelf server."""
