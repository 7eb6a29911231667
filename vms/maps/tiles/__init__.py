"""Vector tiles (MVT 2.1) of the town, made when asked for."""
