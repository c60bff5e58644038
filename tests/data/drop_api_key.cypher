// A constraint that somebody dropped.
DROP CONSTRAINT apikey_id_unique
