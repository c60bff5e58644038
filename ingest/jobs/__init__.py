"""Jobs: one module a kind of input; columns and a pure transform, no I/O, no clock."""
