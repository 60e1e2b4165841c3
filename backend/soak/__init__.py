"""The soak: many phones behind a bad network, while services are killed; afterwards everything is counted."""
