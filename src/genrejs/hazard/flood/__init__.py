"""The 2D flood solver: arrays in, arrays out."""
