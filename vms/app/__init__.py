"""The composition root: the only room that knows all others. One module per process."""

import gc

PYTHONS_THRESHOLDS = gc.get_threshold()
gc.set_threshold(50_000, 20, 100)
"""While a process loads what it needs nothing is garbage, and looking for it takes a fifth of its start. This is the
first module of each; `child.begin` goes back to Python's own."""
