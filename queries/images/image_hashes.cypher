// Every picture that has a perceptual hash, by columns.
// $chunk: how many pictures a record holds
MATCH (i:Image)
WHERE i.pdq IS NOT NULL
WITH i ORDER BY i.sha256
WITH collect(i) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS i
WITH start, collect(i.sha256) AS images, collect(i.pdq) AS hashes,
     collect(coalesce(i.pdq_trimmed, '')) AS trimmed,
     collect(coalesce(i.pixels_sha256, '')) AS pixels, collect(coalesce(i.quality, 100)) AS qualities
RETURN images, hashes, trimmed, pixels, qualities ORDER BY start
