// Which sellers show pictures now; a picture that nobody shows has no row.
// $keys: the pictures' digests
UNWIND $keys AS key
MATCH (:Image {sha256: key})<-[r:SHOWS]-(:Listing)<-[o:OFFERS]-(s:Seller)
WHERE r.valid_to IS NULL AND o.valid_to IS NULL
RETURN key, collect(DISTINCT s.id) AS sellers
