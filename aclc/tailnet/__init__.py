"""The facts about a tailnet, and how they are read from each format."""
