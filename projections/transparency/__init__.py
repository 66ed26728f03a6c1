"""The transparency log of each consortium: its tiles, and the checkpoints that were published."""
