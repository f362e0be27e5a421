"""Bocage: from a FEC and a DSN to figures that stand up to questions."""
