"""Numbers that are shown instead of earned: display hooks, reprs, messages."""
