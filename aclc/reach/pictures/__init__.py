"""Who reaches whom as a drawing: what is shown, and where it stands."""
