"""Matters that somebody must settle by a day: one engine under every desk."""
