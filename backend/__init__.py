"""Fieldlot's back office: the ground, the rooms and the office faces."""
