"""How the city comes back: repair, crews, households, the resilience curve."""
