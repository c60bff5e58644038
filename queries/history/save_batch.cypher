// Notes what a batch of a run says, beside what it wrote.
// $id: `run:cursor`
// $run: the run
// $cursor: the rows of the run up to its end
// $records: what it says, packed
CREATE (b:RunBatch {id: $id, run: $run, cursor: $cursor, records: $records})
