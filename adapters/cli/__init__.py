"""The command line: every use case as a command."""
