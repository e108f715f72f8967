"""Sets of endpoints and services put into the policy's own words."""
