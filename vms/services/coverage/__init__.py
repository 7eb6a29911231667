"""Coverage of this minute: kept in memory, asked by the screens, its gaps written down as records."""
