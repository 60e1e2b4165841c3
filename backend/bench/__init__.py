"""The bench: what Fieldlot does beside what a bare tool does with the same data, as ratios of one run."""
