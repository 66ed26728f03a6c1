"""What the city sees and asks: findings, recommendations, reports, indicators, publications."""
