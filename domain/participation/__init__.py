"""What residents are asked: the plebiscite, and consultations."""
