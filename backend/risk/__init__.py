"""Risk: facts about entities, and the transparent points card that turns them into a score and a class A–D."""
