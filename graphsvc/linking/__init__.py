"""linking: drive scored likeness over what is loaded; it adds edges and rewrites no node."""
