"""Reading, policy, judge (reading to faults), watch (faults over time to status and flips), uptime."""
