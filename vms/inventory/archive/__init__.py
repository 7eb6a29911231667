"""The archive record (一机一档): its fields and codes, how complete it is, which rules it breaks."""
