"""Tasks on many devices: planned, carried out, interrupted and gone on with, undone."""
