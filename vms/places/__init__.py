"""Regions, roads, buildings, key places; locating a spot by address plate, pole or crossing."""
