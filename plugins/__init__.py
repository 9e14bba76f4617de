"""Outside services, each behind one port and found through pluggy."""
