"""The credit ledger: lots, holds, append-only entries, prices."""
