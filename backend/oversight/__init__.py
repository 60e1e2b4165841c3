"""Oversight: how the work goes, what is late, and what wants attention."""
