"""Exports pictures into a folder of this machine: a mounted share, a synchronised folder, a disk."""
