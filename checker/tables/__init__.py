"""`Form`s → the four tables of exact numbers the rules are worked out on: plain columns, Polars frames, and what is promised of both."""
