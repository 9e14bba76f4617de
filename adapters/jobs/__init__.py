"""Background work: hints through dramatiq, leases, and the loops that forget nothing."""
