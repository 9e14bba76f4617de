"""Use cases of summaries of orders."""
