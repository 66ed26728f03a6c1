"""What was done under each resolution, and on whose votes each amount and allocation rests."""
