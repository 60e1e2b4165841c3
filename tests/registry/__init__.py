"""Promises of the registry."""
