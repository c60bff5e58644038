// What was named for a case and is not there.
// $sellers: ids of sellers
// $listings: ids of listings
// $rings: maps of ring and version
CALL () {
  UNWIND $sellers AS id
  WITH id WHERE NOT EXISTS { (:Seller {id: id}) }
  RETURN 'seller ' + id AS id
  UNION
  UNWIND $listings AS id
  WITH id WHERE NOT EXISTS { (:Listing {id: id}) }
  RETURN 'listing ' + id AS id
  UNION
  UNWIND $rings AS cited
  WITH cited WHERE NOT EXISTS {
    MATCH (:DetectionRun)-[f:FOUND]->(:Ring {id: cited.ring}) WHERE f.version = cited.version
  }
  RETURN 'ring ' + cited.ring + '@' + cited.version AS id
}
RETURN id ORDER BY id
