"""What residents were asked, and how they answered; counts only, of votes and of comments."""
