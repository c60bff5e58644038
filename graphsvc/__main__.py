"""The console script's entry."""

from __future__ import annotations

from graphsvc.cli.main import main

if __name__ == "__main__":
    main()
