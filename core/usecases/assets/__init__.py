"""Use cases of stored files that are not pictures of an order."""
