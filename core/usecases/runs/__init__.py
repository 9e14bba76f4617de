"""Use cases of runs: confirm, cancel, retry, reprocess, and the work on one picture."""
