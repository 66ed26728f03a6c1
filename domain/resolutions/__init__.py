"""What the board decides: drafts, conflicts, votes, outcomes, and the five ways to put something right."""
