"""Sittings and circular votes, who was there, what was put to the vote, and the minutes."""
