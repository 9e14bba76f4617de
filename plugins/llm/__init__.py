"""One package per planner that reads instructions."""
