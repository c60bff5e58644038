"""Rings: from who-uses-what to groups of sellers that one hand runs, with reasons.

The pure half (columns, weigh, project, detect, score, belief, identity, solve, explain) never
opens a file, a connection or a clock: the same market, parameters and seed give the same rings.
"""
