"""Edits of many cameras at once: looked at before, done in batches that survive a crash, undone afterwards."""
