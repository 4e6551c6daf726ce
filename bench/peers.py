"""Other ways to rank the same columns in one process: an inverted index over everyone, and scikit-learn's cosine."""

import numpy as np
from scipy import sparse
from sklearn.metrics.pairwise import cosine_similarity

from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns, Rows, Values, term_number
from matcher.ranking.criteria import DECAY_KM
from matcher.ranking.eligibility import MIN_SKILL, sift
from matcher.ranking.query import Query, View
from matcher.ranking.scoring import best, rounded_km, score_of
from models.weights import Weights

# Words are told apart by so many bits of their number, as scikit-learn's hashing vectoriser does.
WORD_COLUMNS = 1 << 18


class InvertedIndex:
    """Item by item who can do it, over everyone: rules and the other criteria then only for those with the skill. Exact."""

    def __init__(self, columns: Columns, catalogue: Catalogue) -> None:
        self._columns, self._catalogue = columns, catalogue
        services = columns.everyone().services
        order = np.argsort(services["item"], kind="stable")
        self._rows, self._confidence = services.owner[order], services["confidence"][order]
        self._first = np.searchsorted(services["item"][order], np.arange(len(catalogue) + 1))

    def rank(self, query: Query, weights: Weights, limit: int) -> Rows:
        view = View(query, self._columns, self._catalogue)
        skill = self._skill(view)
        rows = np.flatnonzero((skill >= MIN_SKILL) & view.columns.live)
        able = view.only(rows, {"skill": skill[rows]})
        left, _ = sift(able)
        passing = able.only(left)
        everyone = np.arange(passing.size)
        places = best(passing.columns, score_of(passing, everyone, weights), rounded_km(passing, everyone), limit)
        return passing.columns.rows_at(places)

    def _skill(self, view: View) -> Values:
        skill = np.zeros(view.size)
        for item, share in view.shares():
            reach = np.zeros(view.size)
            credit = self._catalogue.credit[item].astype(np.float64)
            for related in np.flatnonzero(credit):
                part = slice(self._first[related], self._first[related + 1])
                rows = self._rows[part]
                reach[rows] = np.maximum(reach[rows], credit[related] * self._confidence[part])
            skill += share * reach
        return skill


class Cosine:
    """Cosine of the service items and of the words, distance, room and rating by numpy over everyone; another score, without rules."""

    def __init__(self, columns: Columns, catalogue: Catalogue) -> None:
        self._columns, self._catalogue = columns, catalogue
        excerpt = columns.everyone()
        services = excerpt.services
        shape = (columns.size, len(catalogue))
        self._items = sparse.csr_matrix((services["confidence"], (services.owner, services["item"])), shape=shape)
        terms = excerpt.terms
        words = terms["number"].astype(np.int64) & (WORD_COLUMNS - 1)
        self._words = sparse.csr_matrix(
            (terms["weight"].astype(np.float64), (terms.owner, words)), shape=(columns.size, WORD_COLUMNS)
        )
        self._room = (excerpt.capacity - excerpt.load) / np.maximum(1, excerpt.capacity)
        self._rating = (excerpt.rating_sum + 3.75) / (excerpt.rating_count + 5)
        self._lng, self._lat = excerpt.lng, excerpt.lat

    def rank(self, query: Query, limit: int) -> Rows:
        wanted = np.zeros((1, len(self._catalogue)))
        for service in query.services:
            wanted[0, self._catalogue.position[service.code]] = service.confidence
        skill = cosine_similarity(self._items, wanted)[:, 0]
        said = np.zeros((1, WORD_COLUMNS))
        for term in query.terms:
            said[0, term_number(term.word) & (WORD_COLUMNS - 1)] = term.weight
        text = cosine_similarity(self._words, sparse.csr_matrix(said))
        distance = View(query, self._columns, self._catalogue, np.arange(0)).distance_to(self._lng, self._lat)
        score = 0.35 * skill + 0.15 * text[:, 0] + 0.25 * np.exp(-distance / DECAY_KM) + 0.1 * self._room + 0.15 * self._rating
        top = np.argpartition(score, -limit)[-limit:]
        return np.asarray(top[np.argsort(-score[top])])
