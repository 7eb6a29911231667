"""Reads map files into places and makes the offline base map."""
