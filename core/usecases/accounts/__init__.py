"""Use cases of accounts: users and API keys."""
