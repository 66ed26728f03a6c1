"""What residents were asked, and how they answered; counts only."""
