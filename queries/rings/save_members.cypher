// Writes the members of versions of rings; a version once written is never changed.
// $members: maps of key, ring, seller, version, tier, posterior, ties, own, confidence, uses
UNWIND $members AS member
MATCH (s:Seller {id: member.seller})
MATCH (ring:Ring {id: member.ring})
MERGE (s)-[m:MEMBER_OF {key: member.key}]->(ring)
ON CREATE SET m.version = member.version, m.tier = member.tier,
              m.posterior = member.posterior, m.ties = member.ties,
              m.own = member.own, m.confidence = member.confidence, m.uses = member.uses
