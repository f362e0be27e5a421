"""Imports while everything around them dies: ``make test-crash``. Each server used is one that it starts itself."""
