"""What the machine itself offers: time, randomness, the home folder, logs."""
