"""Which record is which thing: merge, split, replace, join, and take it back (decision 5)."""
