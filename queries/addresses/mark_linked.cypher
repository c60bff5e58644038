// Notes which text of addresses was compared, and by which model.
// $marks: maps of id and mark
UNWIND $marks AS given
MATCH (a:Address {id: given.id})
SET a.linked = given.mark
