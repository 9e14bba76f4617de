"""The embedded image engine: pictures are decoded, edited and encoded in child processes of this machine."""
