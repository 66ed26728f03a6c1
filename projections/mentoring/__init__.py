"""Which large member supports which small one, and for how many hours."""
