"""What travels on the wire, module by module."""
