"""The checks, by what they look at. Each module offers ``run(context)``, which adds to the context's sink."""
