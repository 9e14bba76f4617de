"""Mail: letters from templates, and the ways in which they leave."""
