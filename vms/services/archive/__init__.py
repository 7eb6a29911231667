"""The archive's verbs: change a record, move it through its life, judge it, photograph its point."""
