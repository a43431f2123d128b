"""Jobs that hang, raise and are slow."""
