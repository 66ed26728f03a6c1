"""Who belongs, since when and until when, with what size class, and who votes for whom."""
