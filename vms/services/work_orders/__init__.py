"""Work orders: opened, looked after, moved on, photographed."""
