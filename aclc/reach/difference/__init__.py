"""What a change of the policy opens and closes, in rows for a reviewer."""
