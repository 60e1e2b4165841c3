"""Promises of the invented world."""
