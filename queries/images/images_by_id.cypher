// Pictures by their digests; one that is not there has no row.
// $ids: the digests
UNWIND $ids AS key
MATCH (i:Image {sha256: key})
RETURN i.sha256 AS sha256, i.pdq AS pdq, i.quality AS quality, i.width AS width,
       i.height AS height, i.media_type AS media_type, i.seen_at AS seen_at,
       i.source AS source, i.run AS run, i.recorded_from AS recorded_from,
       coalesce(i.stub, false) AS stub,
       COUNT {
         MATCH (i)<-[u:SHOWS]-(:Listing)<-[o:OFFERS]-(t:Seller)
         WHERE u.valid_to IS NULL AND o.valid_to IS NULL
         RETURN DISTINCT t
       } AS sellers
