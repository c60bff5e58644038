"""Jobs: one module a kind of input; columns, expectations and a pure transform; no I/O, no clock."""
