MATCH (s:Seller {id: $id}) RETURN s.id AS id
