"""Bench of background removal: mask overlap, edges, honesty of the confidence, and cost."""
