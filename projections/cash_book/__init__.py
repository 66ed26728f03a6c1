"""The cash: what came in, was passed on, settled, spent and given back; what a member was paid, is owed and owes."""
