"""Rows that fail or stay open → findings, each with its proof; the key figures of a form."""
