"""vms: the camera layer of a town's public-safety network."""
