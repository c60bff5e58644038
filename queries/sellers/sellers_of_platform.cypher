// The sellers of a platform, by id.
// $platform: the platform; '' for all
// $after: only ids that sort after this one
// $limit: how many at most
MATCH (s:Seller)
WHERE s.id > $after AND ($platform = '' OR s.platform = $platform)
RETURN s.id AS id, s.platform AS platform, s.handle AS handle, s.legal_name AS legal_name,
       s.country AS country, s.status AS status, s.registered_at AS registered_at,
       s.risk AS risk, s.tax_number AS tax_number, s.verification_state AS verification_state,
       s.verified_at AS verified_at, s.seen_at AS seen_at, s.source AS source, s.run AS run,
       s.recorded_from AS recorded_from, coalesce(s.stub, false) AS stub
ORDER BY id LIMIT $limit
