"""Reading again everything that is stored, and naming each row that does not agree with the rest."""
