// Writes brands; one that is held gets the name and aliases that are given now.
// $brands: maps of id, name, aliases
UNWIND $brands AS brand
MERGE (b:Brand {id: brand.id})
SET b.name = brand.name, b.aliases = brand.aliases
RETURN count(b) AS held
