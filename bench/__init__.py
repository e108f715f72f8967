"""How fast aclc is, measured: `python -m bench`."""
