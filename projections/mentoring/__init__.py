"""Which large member supports which small one."""
