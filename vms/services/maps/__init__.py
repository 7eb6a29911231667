"""Maps: imports, the town of now, tiles."""
