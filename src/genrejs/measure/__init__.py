"""What the city can do: measures and strategies."""
