"""The server: the city as layers, runs in the shape of OGC API Processes, pages; it computes nothing itself."""
