"""How mature the city is: policies by maturity stage, and how a budget moves them over the years."""
