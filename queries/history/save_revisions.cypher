// Writes what a run changed: a Revision a property.
// $revisions: the declared properties of each
UNWIND $revisions AS revision
CREATE (v:Revision {id: revision.id})
SET v += revision
