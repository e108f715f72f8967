"""The graph: endpoints that policies can tell apart, rules as edges between them, and what two graphs differ in."""
