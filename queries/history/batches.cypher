// Which batches of runs there are, in the order of their runs; what they say is asked for apart.
MATCH (b:RunBatch)
RETURN b.id AS id, b.run AS run
ORDER BY b.id
