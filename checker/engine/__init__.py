"""Rules × tables → outcomes: over frames (`batch_pass`), row by row for few forms (`row_pass`), over a part on disk (`parts`)."""
