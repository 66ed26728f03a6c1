"""HTTP and command line: a request becomes a command; a receipt, a row or a refusal becomes a response."""
