"""What the graph is, and every question and write put to it; never a connection, a setting."""
