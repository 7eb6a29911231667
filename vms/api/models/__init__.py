"""What goes in and out of /api/v1: one module per area; `docs/api.md` lists the endpoints that use them."""
