"""Promises of the draws."""
