"""What residents are asked: the plebiscite."""
