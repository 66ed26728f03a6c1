"""Sittings of the board, who was there, and votes taken without a sitting."""
