"""How well a planner reads briefs: a file of briefs with expected readings, and the figures of a planner on it."""
