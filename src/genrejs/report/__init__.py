"""What we tell: figures, maps, tables, documents in Danish and English."""
