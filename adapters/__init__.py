"""Technology behind the ports, and the doors to the use cases."""
