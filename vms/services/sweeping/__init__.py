"""Sweeps of large networks as work that survives a restart: started, run block by block, compared, reported."""
