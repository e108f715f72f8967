"""What people ask of one policy: why, from whom, to whom, how far."""
