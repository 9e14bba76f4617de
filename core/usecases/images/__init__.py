"""Use cases of the pictures of an order."""
