"""Use cases of the credit ledger."""
