"""Which device, which channel, which camera is this? Decided from evidence, with reasons."""
