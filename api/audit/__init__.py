"""What an auditor does with a log from outside: verify, mirror, compare. Nothing here touches our database."""
