"""What the city commissions and who performs it: offers, contracts, annexes, parties, tasks, allocations."""
