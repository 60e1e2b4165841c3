"""Promises of media: bytes in, facts out."""
