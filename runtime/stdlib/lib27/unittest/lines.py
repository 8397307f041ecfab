"""Two lists of lines side by side."""

__unittest = True


def ndiff(first, second):
    """Lines with "- ", "+ " or "  " in front, by a longest common subsequence; large inputs are not aligned."""
    n, m = len(first), len(second)
    if n * m > 250000:
        return ["- " + line for line in first] + ["+ " + line for line in second]
    table = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            same = first[i] == second[j]
            table[i][j] = table[i + 1][j + 1] + 1 if same else max(table[i + 1][j], table[i][j + 1])
    out, i, j = [], 0, 0
    while i < n or j < m:
        if i < n and j < m and first[i] == second[j]:
            out.append("  " + first[i])
            i += 1
            j += 1
        elif i < n and (j == m or table[i + 1][j] >= table[i][j + 1]):
            out.append("- " + first[i])
            i += 1
        else:
            out.append("+ " + second[j])
            j += 1
    return out
