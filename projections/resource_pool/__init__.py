"""What members lend each other, and who has it."""
