"""One cause, many cameras: what they hang on, which falls belong together, and what that teaches."""
