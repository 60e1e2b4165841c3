"""The registries: entities, inspectors and items, with districts, checklists, exclusions and the working calendar."""
