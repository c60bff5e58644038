MATCH (h:HubMark {id: $id}) SET h.until = '2024-01-01T00:00:00Z' RETURN h.id AS id
