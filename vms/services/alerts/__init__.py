"""Telling people: what is worth it, collected, and sent by webhook and mail."""
