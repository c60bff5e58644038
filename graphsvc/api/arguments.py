"""The words for what fields are asked with, where a field does not say it itself."""

from __future__ import annotations

# `field.argument`, or `argument` for all that bear the name.
ARGUMENTS = {
    "journal.case": "Only what was done for this case.",
    "journal.principal": "Only what was done with the key or token of this public id.",
    "journal.action": "Only this action, such as read, export or judge.",
    "journal.since": "Only what was recorded at this date or time (UTC) or later.",
    "journal.until": "Only what was recorded before this date or time (UTC).",
    "journalProof.seq": "The number of the entry.",
    "because": "Why: 1 to 2,000 characters, which are kept.",
    "decision": "What is decided of the proposal.",
    "proposeHub.seller": "A seller who uses it.",
    "a": "The first seller.",
    "b": "The other seller.",
    "filter": "Which rings; without it, all of the run.",
    "from": "The first seller.",
    "hash": "The SHA-256 of a loaded picture, or a PDQ hash: 64 hexadecimal digits.",
    "hops": "How far, 1 to 3: a hop leads from sellers over an identifier to sellers.",
    "id": "Which one.",
    "k": "How many chains at most, 1 to 5.",
    "identifier": "The node id of the identifier.",
    "kind": "What it is taken for.",
    "kinds": "Only these kinds; without it, all.",
    "platform": "The marketplace, by its id.",
    "radius": "In how many bits of 256 they may differ, 0 to 60; copies in 31.",
    "scope": "A note of where it is meant to hold.",
    "seller": "Only what is about this seller.",
    "sellerId": "The platform's own id of the seller.",
    "state": "Only those of this state.",
    "sort": "In which order.",
    "text": "An id, a name, words of a title or a term; 200 letters and 8 words of it are read.",
    "to": "The other seller.",
    "until": "Until when, as an ISO 8601 date or time; without it, until it is ended.",
    "verdict": "What is judged of the two.",
    "version": "Which version; without it, the latest.",
}
