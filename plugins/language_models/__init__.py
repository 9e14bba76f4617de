"""What the plugins for language models share: their data, one connection for each answer, and errors."""
