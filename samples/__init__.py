"""Photos that this project made itself, and the small studio that renders them."""
