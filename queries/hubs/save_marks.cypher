// Writes proposals that identifiers are hubs.
// $marks: maps of id, key, label, identifier and properties
UNWIND $marks AS mark
CALL (mark) {
  WITH mark WHERE mark.label = 'Address'
  MATCH (i:Address {id: mark.identifier}) RETURN i
  UNION
  WITH mark WHERE mark.label = 'PaymentAccount'
  MATCH (i:PaymentAccount {id: mark.identifier}) RETURN i
  UNION
  WITH mark WHERE mark.label = 'Phone'
  MATCH (i:Phone {id: mark.identifier}) RETURN i
  UNION
  WITH mark WHERE mark.label = 'Email'
  MATCH (i:Email {id: mark.identifier}) RETURN i
  UNION
  WITH mark WHERE mark.label = 'Device'
  MATCH (i:Device {id: mark.identifier}) RETURN i
  UNION
  WITH mark WHERE mark.label = 'Image'
  MATCH (i:Image {sha256: mark.identifier}) RETURN i
}
MERGE (h:HubMark {id: mark.id})
ON CREATE SET h += mark.properties
MERGE (h)-[:MARKS {key: mark.key}]->(i)
RETURN count(h) AS made
