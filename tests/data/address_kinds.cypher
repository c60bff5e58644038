MATCH (a:Address) RETURN a.display AS display, a.kind AS kind, a.kind_reason AS kind_reason, a.kind_model AS kind_model
