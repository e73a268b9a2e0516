"""Newsletter: campaigns for many tenants, sent once to every subscriber."""
