"""Who can reach what: the graph between policy and answers (docs/architecture.md)."""
