"""Columns of a format to fact tables; personal data stop here."""
