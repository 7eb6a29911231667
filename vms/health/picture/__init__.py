"""Picture diagnosis as decisions: statistics of a still and the camera's own normal in, findings out."""
