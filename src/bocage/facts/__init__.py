"""Schemas of the fact tables: the names, types and units of their columns."""
