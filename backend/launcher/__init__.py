"""The launcher: ``make run`` brings a whole Fieldlot up on one port, and keeps it up."""
