"""Use cases of edit plans: submit, answer, revise, preview."""
