"""Money to the grosz: lines, shares, moves, transfers, tranches, payments, execution."""
