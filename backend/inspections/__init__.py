"""Inspections: what teams find and prove on site, its review, and the confirmed result."""
