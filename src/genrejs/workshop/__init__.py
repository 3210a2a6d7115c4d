"""Co-creation: what a workshop is, from its first card to its harvest, as a list of actions; and where it is kept."""
