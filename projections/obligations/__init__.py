"""What is still to be done: reports, returns, recommendations, loans, and what a departure or an invalidity left."""
