"""From the poller's news to outages and work orders: one loop, one transaction per turn."""
