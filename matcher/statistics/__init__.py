"""统计: what is counted, put into rows and shares. Pure but for `reporting`, which asks the store."""
