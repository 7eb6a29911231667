"""Rings: where somebody can be by now, which ways out are watched, and the standing rings of checkpoints."""
