"""How the large support the small: mentoring pairs and resources lent."""
