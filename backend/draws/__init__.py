"""Draws: plans, rounds, and the two lots of DRAWS.md with their public log."""
