"""Least squares by the normal equations, solved by elimination on array rows."""
from __future__ import division, print_function

import numpy as np


def solve(matrix, right):
    """The solution of a square system, by Gaussian elimination with row pivoting."""
    size = len(right)
    work = np.zeros((size, size + 1))
    work[:, :size] = matrix
    work[:, size] = right
    for column in range(size):
        pivot = column + int(abs(work[column:, column]).argmax())
        if work[pivot, column] == 0.0:
            raise ValueError("the matrix is singular")
        if pivot != column:
            row = work[pivot].copy()
            work[pivot] = work[column]
            work[column] = row
        for below in range(column + 1, size):
            work[below] -= work[column] * (work[below, column] / work[column, column])
    solution = np.zeros(size)
    for row in range(size - 1, -1, -1):
        known = np.dot(work[row, row + 1:size], solution[row + 1:])
        solution[row] = (work[row, size] - known) / work[row, row]
    return solution


def main():
    x = np.arange(40) / 10.0
    ripple = 0.05 * np.sin(np.arange(40) * 2.5)
    y = 1.5 - 2.0 * x + 0.75 * x ** 2 + ripple
    design = np.ones((40, 3))
    design[:, 1] = x
    design[:, 2] = x * x
    normal = np.dot(design.T, design)
    right = np.dot(design.T, y)
    print("normal matrix:")
    for row in normal:
        print(" ".join("%10.4f" % value for value in row))
    fit = solve(normal, right)
    print("coefficients", " ".join("%.6f" % value for value in fit))
    residual = y - np.dot(design, fit)
    print("residual sum of squares %.8f" % (residual ** 2).sum())
    print("residual is orthogonal to the columns:",
          bool((abs(np.dot(residual, design)) < 1e-9).all()))
    mean = y.mean()
    print("R squared %.8f" % (1.0 - (residual ** 2).sum() / ((y - mean) ** 2).sum()))
    print(np.array([[4, 2], [1, 3]]).dot(np.array([[1, 0], [5, -1]])))
    try:
        solve(np.array([[1.0, 2.0], [2.0, 4.0]]), np.array([1.0, 2.0]))
    except ValueError as error:
        print("ValueError:", error)


main()
