"""Who is told, understands and acts."""
