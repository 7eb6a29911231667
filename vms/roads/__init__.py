"""The road network: stretches between junctions, ways of travel, what is reachable in time, and where to cut it off."""
