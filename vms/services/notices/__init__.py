"""Announced outages and maintenance windows (报备): asked, decided, withdrawn."""
