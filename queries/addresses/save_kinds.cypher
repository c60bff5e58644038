// Notes what kind of place addresses probably are, and why: a proposal, which nobody decided.
// $kinds: maps of id, kind, reason
// $model: what proposes
UNWIND $kinds AS given
MATCH (a:Address {id: given.id})
SET a.kind = given.kind, a.kind_reason = given.reason, a.kind_model = $model
