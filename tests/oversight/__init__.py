"""What the agency asks of its own work."""
