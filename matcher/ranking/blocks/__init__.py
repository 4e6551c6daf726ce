"""Ranking of a province: providers in small blocks whose best possible score is known, so that most need not be looked at."""
