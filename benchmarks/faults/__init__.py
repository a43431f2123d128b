"""Faults on purpose: votes and jobs while something of the machine breaks; `bin/faults` runs them."""
