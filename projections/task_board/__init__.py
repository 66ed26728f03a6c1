"""Who performs which task, in which role, from when to when, under which resolution."""
