"""From names to nodes and addresses: what a policy means on one tailnet."""
