"""Fieldlot as people meet it: a whole running instance with the sample, and a real Chromium."""
