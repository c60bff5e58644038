// Marks on identifiers, newest first; sellers of all copies of a picture are its sellers.
// $ids: only these marks; none for all
// $state: only marks of this state; '' for all
// $before: only ids that sort before this one; '' for all
// $now: the present time, for what has run out
// $tiers: which likeness makes two pictures one
// $limit: how many at most
MATCH (h:HubMark)-[:MARKS]->(i)
WITH h, i, CASE WHEN h.until <= $now THEN 'expired' ELSE h.state END AS state
WHERE (size($ids) = 0 OR h.id IN $ids) AND ($state = '' OR state = $state)
  AND ($before = '' OR h.id < $before)
WITH h, i, state ORDER BY h.id DESC LIMIT $limit
CALL (i) {
  MATCH (i)-[c:NEAR_COPY*0..32]-(j)
  WHERE all(n IN c WHERE n.tier IN $tiers)
  WITH DISTINCT j
  OPTIONAL MATCH (j)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s:Seller)
  WHERE u.valid_to IS NULL
  OPTIONAL MATCH (j)<-[w:SHOWS]-(:Listing)<-[o:OFFERS]-(t:Seller)
  WHERE w.valid_to IS NULL AND o.valid_to IS NULL
  RETURN count(DISTINCT coalesce(s, t)) AS sellers
}
RETURN h.id AS id, state, h.kind AS kind, labels(i)[0] AS label,
       coalesce(i.id, i.sha256) AS identifier, coalesce(i.display, i.masked, i.sha256) AS shown,
       sellers, h.proposal AS proposal, h.figures AS figures, h.proposed_at AS proposed_at,
       h.decision AS decision, h.reason AS reason, h.scope AS scope, h.by AS by,
       h.since AS since, h.until AS until, h.ended_by AS ended_by,
       h.ended_because AS ended_because
ORDER BY id DESC
