"""Which resolutions exist, and what amended, repealed, corrected or invalidated them; the rules in force."""
