"""How long the command line takes to say anything."""
