"""Use cases of delivery: results with their names, single files, archives."""
