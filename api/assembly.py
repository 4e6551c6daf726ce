"""Puts the parts together: model, context, desk. Used by the service, the command line and the tests."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context
from matcher.ranking.columns import Columns
from matcher.understanding.features import Featuriser
from matcher.understanding.model import Model, load_model
from matcher.understanding.normalise import Normaliser
from matcher.understanding.training import Progress, train, version_of
from matcher.understanding.understander import Understander
from models.place import Regions
from models.schedule import now
from models.store import Store
from seed.sources import catalogue_items, make_normaliser, training_needs, training_providers


def make_featuriser(catalogue: Catalogue) -> Featuriser:
    return Featuriser(skill for item in catalogue for skill in item.skills)


def load_or_train(folder: Path, featuriser: Featuriser, normaliser: Normaliser, say: Progress = lambda _: None) -> Model:
    """The model of the corpus as it is now: from the folder if it was trained before, else trained and kept there."""
    needs, providers = training_needs(), training_providers()
    path = folder / f"{version_of(needs, providers)}.npz"
    if path.is_file():
        return load_model(path)
    say("第一次启动：训练理解模型（约一两分钟，只此一次）")
    codes = tuple(item.code for item in catalogue_items())
    model = train(needs, providers, codes, normaliser, featuriser, say)
    model.save(path)
    return model


def make_understander(catalogue: Catalogue, folder: Path, say: Progress = lambda _: None) -> Understander:
    normaliser, featuriser = make_normaliser(), make_featuriser(catalogue)
    return Understander(load_or_train(folder, featuriser, normaliser, say), catalogue, normaliser, featuriser)


async def make_context(
    store: Store, understander: Understander, catalogue: Catalogue, clock: Callable[[], datetime] = now
) -> Context:
    regions = Regions(await store.regions.load())
    return Context(store, understander, catalogue, regions, Columns(catalogue, regions), clock)
