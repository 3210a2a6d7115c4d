"""What it is worth: risk, economics, added value, equity, comparison."""
