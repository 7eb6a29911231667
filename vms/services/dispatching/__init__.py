"""From the poller's news to outages and work orders: one loop, many short transactions."""
