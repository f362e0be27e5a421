"""Dated, frozen data files, each with its source and licence, and their loaders."""
