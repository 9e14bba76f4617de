"""The picture pipeline against the same steps written by hand, a lower bound, and other tools."""
