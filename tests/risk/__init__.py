"""Promises of risk."""
