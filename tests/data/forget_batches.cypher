MATCH (b:RunBatch {run: $run}) DELETE b
