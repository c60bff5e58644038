CREATE INDEX probe_index IF NOT EXISTS FOR (n:Probe) ON (n.name)
