"""Who voted how, and the arithmetic behind each outcome; who was kept out of a vote, and who should have been."""
