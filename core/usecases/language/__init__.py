"""Language models at work: calling them, planning with them, looking at pictures."""
