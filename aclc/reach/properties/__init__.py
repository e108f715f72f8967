"""Promises about a policy: their file, and whether they hold."""
