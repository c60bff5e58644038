MATCH (s:Seller) RETURN s.id AS id, s.source AS source, s.run AS run, s.digest AS digest, s.handle AS handle, s.seen_at AS seen_at ORDER BY id
