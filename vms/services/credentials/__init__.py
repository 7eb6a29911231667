"""Credential sets: changed, their key changed, their uses kept."""
