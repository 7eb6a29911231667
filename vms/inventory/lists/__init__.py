"""Camera lists: their columns, their rows, other systems' headings, the national catalogue."""
