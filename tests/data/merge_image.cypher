// held_text
CYPHER replan=skip UNWIND range(0, size($key) - 1) AS i MATCH (n:Image {sha256: $key[i]}) USING INDEX SEEK n:Image(sha256) RETURN collect(i) AS places

// create_text
CYPHER replan=skip
UNWIND range(0, size($sha256) - 1) AS i
CREATE (:Image {sha256: $sha256[i], pdq: $pdq[i], seen_at: $seen_at[i], digest: $digest[i], source: $source[i], pdq_trimmed: $pdq_trimmed[i], pixels_sha256: $pixels_sha256[i], quality: $quality[i], width: $width[i], height: $height[i], media_type: $media_type[i], run: $run, recorded_from: $now})

// merge_text
CYPHER replan=skip
UNWIND range(0, size($sha256) - 1) AS i
MATCH (n:Image {sha256: $sha256[i]}) USING INDEX SEEK n:Image(sha256)
WITH i, n, CASE WHEN n.digest IS NULL THEN 'new' WHEN n.digest = $digest[i] THEN 'same' WHEN coalesce($seen_at[i], '') > coalesce(n.seen_at, '') THEN 'newer' WHEN coalesce($seen_at[i], '') < coalesce(n.seen_at, '') THEN 'older' ELSE 'tie' END AS fate, ($pdq_trimmed[i] IS NOT NULL AND (n.pdq_trimmed IS NULL OR $pdq_trimmed[i] < n.pdq_trimmed)) OR ($pixels_sha256[i] IS NOT NULL AND (n.pixels_sha256 IS NULL OR $pixels_sha256[i] < n.pixels_sha256)) OR ($quality[i] IS NOT NULL AND (n.quality IS NULL OR $quality[i] < n.quality)) OR ($width[i] IS NOT NULL AND (n.width IS NULL OR $width[i] < n.width)) OR ($height[i] IS NOT NULL AND (n.height IS NULL OR $height[i] < n.height)) OR ($media_type[i] IS NOT NULL AND (n.media_type IS NULL OR $media_type[i] < n.media_type)) AS wider, false AS reopened
WITH i, n, fate, wider, reopened, CASE WHEN fate IN ['newer', 'tie'] THEN properties(n) END AS before
FOREACH (_ IN CASE WHEN fate = 'new' THEN [1] ELSE [] END | SET n.pdq = $pdq[i], n.seen_at = $seen_at[i], n.digest = $digest[i], n.source = $source[i], n.run = $run, n.recorded_from = $now)
FOREACH (_ IN CASE WHEN fate = 'new' THEN [1] ELSE [] END | SET n.stub = null)
FOREACH (_ IN CASE WHEN fate = 'newer' THEN [1] ELSE [] END | SET n.pdq = $pdq[i], n.seen_at = $seen_at[i], n.digest = $digest[i], n.source = $source[i], n.run = $run)
FOREACH (_ IN CASE WHEN fate = 'same' AND coalesce($seen_at[i], '') > coalesce(n.seen_at, '') THEN [1] ELSE [] END | SET n.seen_at = $seen_at[i])
FOREACH (_ IN CASE WHEN ($pdq_trimmed[i] IS NOT NULL AND (n.pdq_trimmed IS NULL OR $pdq_trimmed[i] < n.pdq_trimmed)) THEN [1] ELSE [] END | SET n.pdq_trimmed = $pdq_trimmed[i])
FOREACH (_ IN CASE WHEN ($pixels_sha256[i] IS NOT NULL AND (n.pixels_sha256 IS NULL OR $pixels_sha256[i] < n.pixels_sha256)) THEN [1] ELSE [] END | SET n.pixels_sha256 = $pixels_sha256[i])
FOREACH (_ IN CASE WHEN ($quality[i] IS NOT NULL AND (n.quality IS NULL OR $quality[i] < n.quality)) THEN [1] ELSE [] END | SET n.quality = $quality[i])
FOREACH (_ IN CASE WHEN ($width[i] IS NOT NULL AND (n.width IS NULL OR $width[i] < n.width)) THEN [1] ELSE [] END | SET n.width = $width[i])
FOREACH (_ IN CASE WHEN ($height[i] IS NOT NULL AND (n.height IS NULL OR $height[i] < n.height)) THEN [1] ELSE [] END | SET n.height = $height[i])
FOREACH (_ IN CASE WHEN ($media_type[i] IS NOT NULL AND (n.media_type IS NULL OR $media_type[i] < n.media_type)) THEN [1] ELSE [] END | SET n.media_type = $media_type[i])
RETURN collect(CASE WHEN fate IN ['new', 'newer'] OR wider OR reopened THEN i END) AS changed, collect(CASE WHEN before IS NOT NULL THEN {i: i, fate: fate, held: before} END) AS contested

// settle_text
CYPHER replan=skip
UNWIND range(0, size($sha256) - 1) AS i
MATCH (n:Image {sha256: $sha256[i]}) USING INDEX SEEK n:Image(sha256)
SET n.pdq = $pdq[i], n.seen_at = $seen_at[i], n.digest = $digest[i], n.source = $source[i], n.run = $run
