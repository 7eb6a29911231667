"""Which cameras? What people write to find them."""
