"""Read models: one folder a question, fed from the ledger and rebuilt from it at will; nothing is decided here."""
