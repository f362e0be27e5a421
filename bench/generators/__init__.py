"""Makers of large synthetic files. CC0-1.0, fictitious people and companies only."""
