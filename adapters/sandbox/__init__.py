"""Limited child processes in which files of strangers are read."""
