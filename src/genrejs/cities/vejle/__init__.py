"""Vejle: constructed from few published figures; see sources.csv."""
