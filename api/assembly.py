"""Puts the parts together: model, context, desk. Used by the service, the command line and the tests."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context
from matcher.ranking.columns import Columns
from matcher.tuning.model_versions import ModelVersions
from matcher.understanding.features import Featuriser
from matcher.understanding.model import Model, load_model
from matcher.understanding.normalise import Normaliser
from matcher.understanding.training import Progress, train
from matcher.understanding.understander import Understander
from models.place import Regions
from models.schedule import now
from models.store import Store
from seed.sources import (
    SHIPPED_MODEL,
    catalogue_items,
    make_extractor,
    make_gazetteer,
    make_lexicon,
    training_needs,
    training_providers,
)


def make_featuriser(catalogue: Catalogue) -> Featuriser:
    return Featuriser((skill for item in catalogue for skill in item.skills), make_lexicon())


def model_of(data_dir: Path | None) -> Model:
    """The city's own model if one was trained into its data directory, else the one that comes with the source."""
    own = data_dir / "model.npz" if data_dir else SHIPPED_MODEL
    return load_model(own if own.is_file() else SHIPPED_MODEL)


def train_shipped(say: Progress = lambda _: None) -> Model:
    """The model of the corpus and the catalogue in seed/."""
    catalogue = Catalogue(catalogue_items())
    return train(training_needs(), training_providers(), catalogue.codes, Normaliser(), make_featuriser(catalogue), say)


def make_understander(catalogue: Catalogue, data_dir: Path | None = None) -> Understander:
    return Understander(model_of(data_dir), catalogue, Normaliser(), make_featuriser(catalogue), make_extractor())


async def understander_in_use(store: Store, catalogue: Catalogue, data_dir: Path | None) -> Understander:
    """With the model that the database says is in use."""
    versions = ModelVersions(store, catalogue, now)
    model = await versions.load((await versions.in_use()).version)
    shipped = make_understander(catalogue, data_dir)
    return shipped.with_model(model) if model else shipped


async def make_context(
    store: Store,
    understander: Understander,
    catalogue: Catalogue,
    clock: Callable[[], datetime] = now,
    *,
    decision_days: int = 400,
) -> Context:
    regions = Regions(await store.regions.load())
    columns = Columns(catalogue, regions)
    return Context(store, understander, catalogue, regions, columns, clock, decision_days, make_gazetteer(regions))
