"""A copy of everything that is kept, and a machine made again from it."""
