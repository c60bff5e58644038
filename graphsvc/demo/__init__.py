"""An invented market with planted rings and innocent traps; nobody who exists is in it."""
