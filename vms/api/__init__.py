"""Thin JSON over the services; OpenAPI is the contract."""
