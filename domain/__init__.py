"""The rules of a consortium: pure decisions over recorded facts."""
