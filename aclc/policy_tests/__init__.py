"""The policy's own tests, `tests` and `sshTests`, run offline."""
