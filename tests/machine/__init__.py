"""Random lives of a consortium, given to the product and to the oracle side by side.

A life is drawn by Hypothesis: mostly sensible commands, so that it gets deep, and some spoiled ones. Every command goes
to both as the same line; both accept it, or both refuse it with the same code.
"""
