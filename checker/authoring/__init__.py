"""What a person who writes rules uses: examples, lint, mutants, corrupted forms, a rule as text, page, schema and skeleton."""
