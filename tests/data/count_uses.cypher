MATCH (:Seller)-[r:USES_DEVICE]->(:Device) RETURN count(r) AS number
