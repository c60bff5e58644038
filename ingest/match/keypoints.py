"""Keypoints: what stays of a picture that was cropped, drawn over or turned a little.

ORB (Rublee et al. 2011) describes 256-bit surroundings of corners; two pictures share a part where
enough corners agree on one move, turn and scale (RANSAC, Fischler and Bolles 1981). OpenCV is given
pixels that Pillow has decoded, never a file.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from ingest.match.images import shrunk
from ingest.match.pdq import TURNS, Hashes

SIDE = 640  # pixels that a picture is shrunk to before corners are looked for
MOST = 400  # corners kept of a picture
LEAST = 12  # corners that must agree
_GRID = 8  # cells a side: corners are taken from all over the picture
_FOUND, _CONTRAST = 3_000, 5
_FARTHEST, _CLEARER = 64, 0.85  # bits; the nearest is nearer than the second by this
_SLACK = 6.0  # pixels
_LEAST_SHARE, _SCALES, _LEAST_HULL = 0.4, (0.3, 3.3), 0.06
# Of the corners where the pictures overlap. Edits have 0.26 and more but for one in twenty, other
# goods on the very same floor 0.12 at most.
_LEAST_DENSE = 0.18

Floats = npt.NDArray[np.float32]
Picked = npt.NDArray[np.bool_]

cv2.setNumThreads(1)  # pictures are spread over the cores, not parts of one


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """Corners of one picture: places (n × 2, pixels of the shrunk picture), descriptors (n × 32).

    `area` is that of the shrunk picture in pixels.
    """

    places: Floats
    descriptors: Hashes
    area: int


def keypoints(picture: Image.Image) -> Keypoints:
    """Return the corners of a picture, the clearest of each part first."""
    grey = shrunk(picture, SIDE)
    if min(grey.shape) < 32:  # less than a descriptor looks at
        return Keypoints(_EMPTY.places, _EMPTY.descriptors, grey.size)
    finder = cv2.ORB.create(nfeatures=_FOUND, fastThreshold=_CONTRAST)
    found = finder.detect(grey, None)
    chosen = [found[place] for place in _spread(found, grey.shape)]
    if not chosen:
        return Keypoints(_EMPTY.places, _EMPTY.descriptors, grey.size)
    kept, descriptors = finder.compute(grey, chosen)
    places = np.array([each.pt for each in kept], dtype=np.float32).reshape(-1, 2)
    return Keypoints(places, np.asarray(descriptors, dtype=np.uint8).reshape(-1, 32), grey.size)


_EMPTY = Keypoints(np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8), 0)


def _spread(found: object, shape: tuple[int, ...]) -> list[int]:
    """Return the places of the corners to keep: of each cell the clearest, then the next ones."""
    points = list(found)  # type: ignore[call-overload]
    at = np.array([each.pt for each in points]).reshape(-1, 2)
    response = np.array([each.response for each in points])
    row, column = (at[:, axis] * _GRID // shape[1 - axis] for axis in (1, 0))
    cell = (row * _GRID + column).astype(np.int64)
    order = np.lexsort((-response, cell))
    rank = np.arange(order.size) - np.searchsorted(cell[order], cell[order])
    best = order[np.lexsort((-response[order], rank))]
    return [int(place) for place in best[:MOST]]


def shared_part(left: Keypoints, right: Keypoints) -> str | None:
    """Return the quarter turn that brings the right picture's part onto the left one's, or None.

    None where fewer than 12 corners agree, or too small a share of those that look alike or of
    those where the pictures overlap, or where they agree on a scale that nobody shows goods at, or
    span too little of either picture.
    """
    i, j = _alike(left.descriptors, right.descriptors)
    if i.size < LEAST:
        return None
    move, told = cv2.estimateAffinePartial2D(
        right.places[j], left.places[i], method=cv2.RANSAC, ransacReprojThreshold=_SLACK
    )
    if move is None:
        return None
    held = np.asarray(told).ravel().astype(bool)
    scale = float(np.hypot(move[0, 0], move[1, 0]))
    if held.sum() < max(LEAST, _LEAST_SHARE * i.size) or not _SCALES[0] <= scale <= _SCALES[1]:
        return None
    if _hull(left, i[held]) < _LEAST_HULL or _hull(right, j[held]) < _LEAST_HULL:
        return None
    if held.sum() < _LEAST_DENSE * _overlapping(left, right, np.asarray(move)):
        return None
    quarters = round(float(np.arctan2(move[1, 0], move[0, 0])) / (np.pi / 2))
    return TURNS[quarters % 4]


def _alike(left: Hashes, right: Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return places of corners that look alike and of no others, each once on either side."""
    if len(left) < LEAST or len(right) < LEAST:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    distance, nearest = cv2.batchDistance(left, right, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=2)
    clear = (distance[:, 0] <= _FARTHEST) & (distance[:, 0] < _CLEARER * distance[:, 1])
    i = np.flatnonzero(clear)
    i = i[np.argsort(distance[i, 0], kind="stable")]
    j, first = np.unique(nearest[i, 0].astype(np.int64), return_index=True)
    return i[first], j


def _overlapping(left: Keypoints, right: Keypoints, move: npt.NDArray[np.float64]) -> int:
    """Return how many corners of the one picture lie in the other, of whichever has fewer."""
    back = cv2.invertAffineTransform(move)
    return min(_inside(right, move, left), _inside(left, np.asarray(back), right))


def _inside(moved: Keypoints, move: npt.NDArray[np.float64], still: Keypoints) -> int:
    at = moved.places @ move[:, :2].T + move[:, 2]
    near, far = still.places.min(axis=0), still.places.max(axis=0)
    return int(((at >= near) & (at <= far)).all(axis=1).sum())


def _hull(picture: Keypoints, corners: npt.NDArray[np.int64]) -> float:
    """Return the share of the picture that lies between the corners."""
    around = cv2.convexHull(np.ascontiguousarray(picture.places[corners]))
    return float(cv2.contourArea(around)) / picture.area
