"""Repair: work orders, service levels, calendars, whom it is given to, who is told."""
