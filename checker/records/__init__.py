"""Runs on record: what was checked with which rules, the hash chain over the records, questions to them."""
