"""Stores of file contents: local folder, S3, memory."""
