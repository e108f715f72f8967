"""What each node enforces: packet filters, SSH rules, attributes, peers."""
