UNWIND range(1, 200) AS place CREATE (:Probe {batch: $batch, place: place})
