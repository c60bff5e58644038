// How the server is set.
// $names: the settings that are asked for
SHOW SETTINGS YIELD name, value
WHERE name IN $names
RETURN name AS name, value AS value
