"""k-means clustering (Lloyd's algorithm) with broadcasting."""
from __future__ import division, print_function

import numpy as np


def make_points(count, seed):
    """Three round clouds of points from a linear congruential generator."""
    centres = [(0.0, 0.0), (6.0, 1.0), (2.0, 7.0)]
    points = []
    state = seed
    for index in range(count):
        offset = [0.0, 0.0]
        for axis in range(2):
            # The sum of twelve uniform numbers is close to normal.
            for _ in range(12):
                state = (state * 1664525 + 1013904223) % 4294967296
                offset[axis] += state / 4294967296.0
            offset[axis] -= 6.0
        x, y = centres[index % 3]
        points.append((x + offset[0], y + offset[1]))
    return np.array(points)


def assign(points, centres):
    """The index of the centre nearest to each point, and the squared distances."""
    difference = points[:, np.newaxis, :] - centres[np.newaxis, :, :]
    squares = (difference ** 2).sum(axis=2)
    return squares.argmin(axis=1), squares.min(axis=1)


def kmeans(points, centres, most):
    for count in range(1, most + 1):
        labels, squares = assign(points, centres)
        print("pass %d: within-cluster sum %.4f" % (count, squares.sum()))
        moved = np.array([points[labels == k].mean(axis=0) for k in range(len(centres))])
        if abs(moved - centres).max() < 1e-9:
            return labels, moved
        centres = moved
    return labels, centres


def main():
    points = make_points(300, 12345)
    print("points", points.shape, points.dtype)
    labels, centres = kmeans(points, points[:3] + 0.5, 50)
    for k in range(len(centres)):
        members = points[labels == k]
        print("cluster %d: %d points, centre (%.4f, %.4f), spread (%.4f, %.4f)" % (
            (k, len(members)) + tuple(centres[k]) + tuple(members.std(axis=0))))
    print("first labels", labels[:12].astype(np.int64))


main()
