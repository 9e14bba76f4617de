"""The checks of ``i2i doctor``."""
