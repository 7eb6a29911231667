"""Cameras that can turn are turned a little at night to see whether they do, and brought back."""
