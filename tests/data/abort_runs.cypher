MATCH (r:IngestRun) SET r.state = 'aborted', r.fence = r.fence + 1 RETURN r.cursor AS cursor
