"""A policy for another control plane: spelled as that one takes it, and what cannot be kept told and left out."""
