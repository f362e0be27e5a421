"""Facts to figures: small pure functions, one family a folder."""
