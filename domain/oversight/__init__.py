"""What the city sees and asks: reports, indicators, findings, recommendations, publications."""
