"""File formats: bytes to columns and findings. A format knows nothing of ESG, nor of another format."""
