"""How light, how steady and how quick the pages are, in Chromium."""
