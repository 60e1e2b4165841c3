"""The demonstration: the main job played through HTTP against a running server, as an inspection team would do it."""
