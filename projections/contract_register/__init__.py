"""Which offers and contracts there are, on which terms, and who is bound by them, jointly and severally."""
