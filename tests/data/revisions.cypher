MATCH (v:Revision)
RETURN v.of AS of, v.owner AS owner, v.field AS field, v.before AS before, v.after AS after,
       v.run AS run, v.source AS source
ORDER BY of, field, before
