"""graphsvc: what runs, decides, remembers and answers in a counterfeit network investigation."""
