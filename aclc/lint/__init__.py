"""Rules that a policy is held to, one file each."""
