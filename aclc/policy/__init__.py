"""The policy as typed values, and how it is read from each language."""
