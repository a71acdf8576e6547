"""Reference vectors from scikit-learn and numpy: python make-reference.py > vectors.json (pip install scikit-learn)."""
import json
import numpy as np
import scipy.stats
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.ensemble._iforest import _average_path_length

rng = np.random.RandomState(7)
points = np.round(np.concatenate([rng.normal(0, 1, (240, 2)), rng.uniform(-6, 6, (16, 2))]), 4)
scores = np.mean(
    [-IsolationForest(n_estimators=300, max_samples=256, random_state=seed).fit(points).score_samples(points) for seed in range(5)],
    axis=0,
)
series = np.round(rng.lognormal(3, 0.5, 200), 3)
sizes = np.array([2, 3, 4, 8, 16, 64, 100, 256, 1000])
print(json.dumps({
    "scikit_learn": sklearn.__version__,
    "numpy": np.__version__,
    "points": points.tolist(),
    "isolation_scores": np.round(scores, 5).tolist(),
    "average_path_length": dict(zip(map(str, sizes.tolist()), _average_path_length(sizes).tolist())),
    "series": series.tolist(),
    "negative_binomial": [[int(k), s, r, l, float(scipy.stats.nbinom.logcdf(k, s, r / (r + l)))] for k in (0, 1, 3, 7) for s in (3.0, 12.5, 30.0) for r in (2.0, 30.0) for l in (4.0, 20.0)],
    "percentile_95": [float(np.percentile(series[:n], 95)) for n in range(50, 200)],
    "mean": [float(series[max(0, n - 100):n].mean()) for n in range(30, 200)],
    "deviation": [float(series[max(0, n - 100):n].std()) for n in range(30, 200)],
}))
