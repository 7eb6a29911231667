"""The assessment's verbs: gather what is divided, make the figures, write reports."""
