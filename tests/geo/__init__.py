"""geo is tried without database, queue or web."""
