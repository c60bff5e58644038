"""One picture for the scoreboard: recall against innocents, a panel a market."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "scoreboard"  # the same bytes for the same figures
from matplotlib import pyplot as plt  # noqa: E402

LEAST = 1e-2  # innocents per 1,000 that stand for none on a logarithmic axis


def draw(path: Path, panels: Mapping[str, Mapping[str, tuple[float, float]]]) -> None:
    """Write an SVG; each panel has a point an engine: innocents banned per 1,000, recall."""
    figure, axes = plt.subplots(1, len(panels), figsize=(4 * len(panels), 4), sharey=True)
    for panel, (title, points) in zip(axes, panels.items(), strict=True):
        for engine, (innocents, recall) in points.items():
            panel.scatter(max(innocents, LEAST), recall, label=engine)
        panel.set_xscale("log")
        panel.set_title(title)
        panel.set_xlabel("innocents banned per 1,000")
        panel.grid(visible=True, alpha=0.3)
    axes[0].set_ylabel("ring members banned")
    axes[0].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
