"""Evidence for what Fieldlot claims, reckoned from real files by one command; nothing here is part of the running system."""
