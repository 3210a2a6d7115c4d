"""Cases with known answers for the flood engine: terrain, start, edges and the exact solution, one module per kind."""
