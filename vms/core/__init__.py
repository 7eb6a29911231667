"""Ids, geometry on the globe, coordinate systems, intervals, the clock protocol, the error tree."""
