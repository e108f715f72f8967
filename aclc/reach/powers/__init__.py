"""What reaches further than packets: SSH sessions, tags that somebody may take, and the chains of both."""
