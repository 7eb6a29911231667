"""View geometry, line of sight, pixel density, gaps; the index that answers who sees a point."""
