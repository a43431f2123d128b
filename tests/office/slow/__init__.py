"""An app only the tests' worker has: one job that waits in the middle until it is told to go on."""
