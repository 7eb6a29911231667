"""Picture diagnosis as measurements: a file of bytes in, the statistics of its picture out."""
