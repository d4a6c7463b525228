"""rules/*.yaml → checked rules and their parameters by jurisdiction, and what is kept of them for the next process."""
