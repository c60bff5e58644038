MATCH (r:IngestRun {id: $id}) SET r.state = 'running'
