"""Who belongs, with what size class and delegate, since when, until when."""
