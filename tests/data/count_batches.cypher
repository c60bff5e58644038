MATCH (p:Probe) RETURN p.batch AS batch, count(p) AS number
