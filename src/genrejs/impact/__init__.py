"""What an event does at once: damage, people, roads, services."""
