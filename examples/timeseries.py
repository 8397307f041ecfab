"""Time series: rolling means by cumulative sums, differences, autocorrelation."""
from __future__ import division, print_function

import numpy as np


def rolling_mean(series, width):
    """Means of each window of the width; the result is width - 1 shorter."""
    total = np.zeros(len(series) + 1)
    total[1:] = np.cumsum(series)
    return (total[width:] - total[:-width]) / width


def autocorrelation(series, most):
    centred = series - series.mean()
    scale = np.dot(centred, centred)
    result = np.zeros(most + 1)
    for lag in range(most + 1):
        result[lag] = np.dot(centred[:len(centred) - lag], centred[lag:]) / scale
    return result


def show(name, values):
    print("%-12s %s" % (name, " ".join("%.4f" % value for value in values)))


def main():
    day = np.arange(365)
    season = 10.0 - 8.0 * np.cos(2.0 * np.pi * day / 365.0)
    week = np.where(day % 7 < 5, 1.0, -2.5)
    noise = ((day * 7919 + 13) % 101 - 50) / 50.0
    series = season + week + noise
    show("first days", series[:7])
    print("mean %.4f, deviation %.4f, least %.4f on day %d, most %.4f on day %d" % (
        series.mean(), series.std(), series.min(), series.argmin(),
        series.max(), series.argmax()))
    smooth = rolling_mean(series, 7)
    print("weekly means:", smooth.shape[0])
    show("smooth", smooth[::60])
    rest = series[3:-3] - smooth
    show("lags", autocorrelation(rest, 14)[[0, 1, 2, 3, 7, 14]])
    change = series[1:] - series[:-1]
    print("rises %d, falls %d" % ((change > 0).sum(), (change < 0).sum()))
    weeks = series[:364].reshape(52, 7)
    show("by weekday", weeks.mean(axis=0))
    show("best weeks", np.sort(weeks.mean(axis=1))[::-1][:4])
    warm = series > series.mean()
    print("warm days", int(warm.sum()), "first", int(day[warm][0]), "last", int(day[warm][-1]))
    print("running maximum changes:", len(np.unique(np.maximum.accumulate(series))))


main()
