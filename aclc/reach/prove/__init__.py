"""Promises of one policy or two, decided for one tailnet or for all of them, and reported as findings."""
