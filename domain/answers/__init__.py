"""State(V, K): what holds on a day, of a consortium as it was known at a moment.

Whoever asks folds the entries recorded up to the moment (K); the functions here keep what holds on the day (V).
Procedural facts hold from the day they were recorded, facts with a period of their own by that period, everything
else by `effective_on`. Corrections are part of what was known, so they read as corrected for every day.

Source: `rules.md` 1 and 18, and its section on shapes.
"""
