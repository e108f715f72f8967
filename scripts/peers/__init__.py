"""The comparison with other tools: docs/comparison.md."""
