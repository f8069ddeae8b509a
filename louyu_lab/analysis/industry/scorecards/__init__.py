"""评价: 特色, 星级 and 产业园 by scorecard; how firm ranks are; low-yield tenants; entry thresholds."""
