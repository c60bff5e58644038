MATCH (s:Seller) WHERE s.stub IS NULL RETURN s.id AS id ORDER BY s.id LIMIT $limit
