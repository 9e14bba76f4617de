"""Where data and file contents are kept."""
