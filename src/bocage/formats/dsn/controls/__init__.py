"""The controls of the norm, one module a subject, each with its official id."""
