"""Where the next cameras should stand: candidates, choice under a budget, bounds and proofs, turning what is there."""
