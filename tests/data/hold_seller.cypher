CREATE (:Seller {id: $id, stub: true, platform: 'shopnest'})
