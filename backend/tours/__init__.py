"""Tours: anonymous day tours over real roads, the teams that take them, and tasks (one visit of one entity)."""
