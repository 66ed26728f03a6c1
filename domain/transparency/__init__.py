"""Proofs that history was not rewritten: an RFC 6962 tree over the stored bytes, and notes signed upon it."""
