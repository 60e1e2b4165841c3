"""Promises of Fieldlot, kept by tests; a package, so that rooms may share file names."""
