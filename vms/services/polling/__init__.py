"""The parts of the poller: wheel, roster, round, book, keeper."""
