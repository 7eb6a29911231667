"""The incident and the ranking of the feeds that see it."""
