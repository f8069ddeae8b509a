"""The driver model: a fractional logit on named drivers, screened, fitted, and told with its errors."""
