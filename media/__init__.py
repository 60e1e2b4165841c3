"""Bytes in, facts out: uploads that survive cuts, a content-addressed store, what a photo says of itself, seals."""
