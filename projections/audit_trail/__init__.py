"""Everything that was recorded, entry by entry, as sentences that a person can read."""
