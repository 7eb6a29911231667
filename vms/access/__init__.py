"""Roles, consent, tickets: may this person look at this camera now, and why."""
