"""Findings that somebody has dealt with: waivers, a baseline of known ones, responses, laid over results."""
