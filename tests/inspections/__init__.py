"""Promises of the inspections."""
