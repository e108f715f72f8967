"""A policy's vocabulary, and the nodes that stand for every tailnet that it allows."""
