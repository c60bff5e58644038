// held_text
CYPHER replan=skip UNWIND range(0, size($key) - 1) AS i MATCH ()-[r:USES_ACCOUNT {key: $key[i]}]->() USING INDEX SEEK r:USES_ACCOUNT(key) RETURN collect(i) AS places

// create_text
CYPHER replan=skip
UNWIND range(0, size($starts) - 1) AS i
MERGE (a:Seller {id: $starts[i]})
ON CREATE SET a.stub = true, a.run = $run, a.recorded_from = $now, a.platform = split($starts[i], ':')[0]
WITH i, a ORDER BY i WITH collect(a) AS starts
UNWIND range(0, size($ends) - 1) AS i
MERGE (b:PaymentAccount {id: $ends[i]})
ON CREATE SET b.stub = true, b.run = $run, b.recorded_from = $now
WITH starts, i, b ORDER BY i WITH starts, collect(b) AS ends
UNWIND range(0, size($key) - 1) AS i
WITH i, starts[$start[i]] AS a, ends[$end[i]] AS b
CREATE (a)-[:USES_ACCOUNT {key: $key[i], role: $role[i], source_system: $source_system[i], asserted_by: $asserted_by[i], holder: $holder[i], processor: $processor[i], seen_at: $seen_at[i], digest: $digest[i], source: $source[i], first_seen: $first_seen[i], last_seen: $last_seen[i], run: $run, recorded_from: $now}]->(b)

// merge_text
CYPHER replan=skip
UNWIND range(0, size($key) - 1) AS i
MATCH ()-[r:USES_ACCOUNT {key: $key[i]}]->() USING INDEX SEEK r:USES_ACCOUNT(key)
WITH i, r, CASE WHEN r.digest IS NULL THEN 'new' WHEN r.digest = $digest[i] THEN 'same' WHEN coalesce($seen_at[i], '') > coalesce(r.seen_at, '') THEN 'newer' WHEN coalesce($seen_at[i], '') < coalesce(r.seen_at, '') THEN 'older' ELSE 'tie' END AS fate, ($first_seen[i] IS NOT NULL AND (r.first_seen IS NULL OR $first_seen[i] < r.first_seen)) OR ($last_seen[i] IS NOT NULL AND (r.last_seen IS NULL OR $last_seen[i] > r.last_seen)) AS wider, (r.valid_to IS NOT NULL AND ($snapshot OR coalesce($last_seen[i], '') > r.valid_to)) AS reopened
WITH i, r, fate, wider, reopened, CASE WHEN fate IN ['newer', 'tie'] THEN properties(r) END AS before
FOREACH (_ IN CASE WHEN fate = 'new' THEN [1] ELSE [] END | SET r.role = $role[i], r.source_system = $source_system[i], r.asserted_by = $asserted_by[i], r.holder = $holder[i], r.processor = $processor[i], r.seen_at = $seen_at[i], r.digest = $digest[i], r.source = $source[i], r.run = $run, r.recorded_from = $now)
FOREACH (_ IN CASE WHEN fate = 'newer' THEN [1] ELSE [] END | SET r.holder = $holder[i], r.processor = $processor[i], r.seen_at = $seen_at[i], r.digest = $digest[i], r.source = $source[i], r.run = $run)
FOREACH (_ IN CASE WHEN fate = 'same' AND coalesce($seen_at[i], '') > coalesce(r.seen_at, '') THEN [1] ELSE [] END | SET r.seen_at = $seen_at[i])
FOREACH (_ IN CASE WHEN reopened THEN [1] ELSE [] END | SET r.valid_to = null, r.closed_by = null)
FOREACH (_ IN CASE WHEN ($first_seen[i] IS NOT NULL AND (r.first_seen IS NULL OR $first_seen[i] < r.first_seen)) THEN [1] ELSE [] END | SET r.first_seen = $first_seen[i])
FOREACH (_ IN CASE WHEN ($last_seen[i] IS NOT NULL AND (r.last_seen IS NULL OR $last_seen[i] > r.last_seen)) THEN [1] ELSE [] END | SET r.last_seen = $last_seen[i])
RETURN collect(CASE WHEN fate IN ['new', 'newer'] OR wider OR reopened THEN i END) AS changed, collect(CASE WHEN before IS NOT NULL THEN {i: i, fate: fate, held: before} END) AS contested

// settle_text
CYPHER replan=skip
UNWIND range(0, size($key) - 1) AS i
MATCH ()-[r:USES_ACCOUNT {key: $key[i]}]->() USING INDEX SEEK r:USES_ACCOUNT(key)
SET r.holder = $holder[i], r.processor = $processor[i], r.seen_at = $seen_at[i], r.digest = $digest[i], r.source = $source[i], r.run = $run
