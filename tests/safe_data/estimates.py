"""The regressions with which a study recovers a planted effect: estimates and standard errors."""

import numpy as np

Z = 1.96
_PRIOR = 0.05
"""Precision of a prior around 0 for each coefficient but the constant: an odds ratio that a small
table leaves open (nobody of a group, say) then has an answer, with the wide error that it should
have; where there is enough to learn from, it changes nothing."""


def least_squares(design, outcome):
    """Coefficients and standard errors; the first column of `design` is the constant."""
    design = design.astype(float)
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ design.T @ outcome
    residual = outcome - design @ found
    variance = residual @ residual / (len(outcome) - design.shape[1])
    return found, np.sqrt(np.diag(inverse) * variance)


def logistic(design, outcome):
    """Log odds ratios and standard errors, by Newton's method."""
    return _newton(design.astype(float), outcome.astype(float), _logit, np.ones(len(outcome)))


def poisson(design, events, exposure):
    """Log rate ratios and standard errors. exposure: time at risk of each row, above 0."""
    return _newton(design.astype(float), events.astype(float), _rate, exposure)


def _logit(linear, _exposure):
    mean = 1 / (1 + np.exp(-linear))
    return mean, mean * (1 - mean)


def _rate(linear, exposure):
    mean = exposure * np.exp(linear)
    return mean, mean


def _newton(design, outcome, model, exposure):
    found = np.zeros(design.shape[1])
    found[0] = np.log(outcome.sum() / exposure.sum()) if model is _rate else 0.0
    prior = np.r_[0.0, np.full(design.shape[1] - 1, _PRIOR)]
    for _ in range(50):
        mean, weight = model(design @ found, exposure)
        information = (design * weight[:, None]).T @ design + np.diag(prior)
        step = np.linalg.solve(information, design.T @ (outcome - mean) - prior * found)
        found = found + step
        if np.abs(step).max() < 1e-9:
            return found, np.sqrt(np.diag(np.linalg.inv(information)))
    message = "the regression does not converge"
    raise AssertionError(message)


def within(estimate, error, truth):
    """Whether the truth lies within the 95 % confidence interval."""
    return abs(estimate - truth) <= Z * error
