"""Carrying out confirmed work in front of somebody: progress, waiting, delivery into a folder."""
