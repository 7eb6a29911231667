"""The endpoints, one module per area; each is a few lines over a service."""
