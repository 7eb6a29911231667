"""Talks to cameras about themselves: discovery, ONVIF, TCP."""
