"""The plan: every line, share and posting; the same by task, member and package, own contribution apart."""
