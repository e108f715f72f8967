"""The rules, one module each; `aclc.lint.registry` finds them, and they never import each other."""
