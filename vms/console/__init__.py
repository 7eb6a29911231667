"""The web page: static files that need no build."""
