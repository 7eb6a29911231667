"""How the tables came to be: one file a step, each written once and never changed after a release."""
