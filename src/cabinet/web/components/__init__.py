"""What every screen shares: figures and dates in French, icons, and the small objects that component templates draw."""
