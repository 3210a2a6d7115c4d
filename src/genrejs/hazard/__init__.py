"""What happens: surge, cloudburst, river, compound, outage."""
