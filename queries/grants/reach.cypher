// What sellers use, and who else uses it; nobody where it is a hub or too vague to link. A mark on
// an address holds for all spellings of the unit that are known.
// $sellers: the sellers
// $cap: how many sellers an identifier may have and be no hub
// $levels: how exact an address must be to link
// $now: the present time
UNWIND $sellers AS key
MATCH (:Seller {id: key})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
WHERE r.valid_to IS NULL
WITH DISTINCT i
CALL (i) {
  CALL (i) {
    MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
    WHERE u.valid_to IS NULL
    RETURN DISTINCT t.id AS user LIMIT $cap + 1
  }
  RETURN collect(user) AS users
}
WITH i, users, size(users) > $cap OR EXISTS {
  MATCH (i)-[c:SAME_UNIT*0..3]-(j)<-[:MARKS]-(h:HubMark)
  WHERE all(joint IN c WHERE joint.band = 'confirmed' AND joint.cut_at IS NULL)
    AND h.state = 'confirmed' AND (h.until IS NULL OR $now < h.until)
} AS hub
RETURN i.id AS id, hub,
       CASE WHEN hub OR (i:Address AND NOT coalesce(i.level, '') IN $levels) THEN []
            ELSE users END AS users
ORDER BY id
