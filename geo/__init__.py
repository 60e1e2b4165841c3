"""geo: places in, order out. Coordinates, travel times, anonymous tours and their checks; knows no web and no tables."""
