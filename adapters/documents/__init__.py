"""Documents of strangers: PDF, Word and plain text, read in limited child processes of this machine."""
