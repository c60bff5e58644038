"""What is measured against the named peers, in the same run; nothing of the product imports it."""
