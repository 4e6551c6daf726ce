"""派单·接单: the use cases, one module a family; `desk` composes them."""
