"""Puts the parts together: model, context, desk. Used by the service, the command line and the tests."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from api.settings import Settings
from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context
from matcher.ranking.columns import Columns
from matcher.tuning.model_versions import ModelVersions
from matcher.understanding.features import Featuriser
from matcher.understanding.model import Model, ModelError, load_model
from matcher.understanding.normalise import Normaliser
from matcher.understanding.understander import Understander
from models.place import Regions
from models.schedule import now
from models.service_item import ServiceItem
from models.store import Store
from seed.labelled import read_catalogue
from seed.sources import SHIPPED_MODEL, catalogue_items, make_extractor, make_gazetteer, make_lexicon


def make_featuriser(catalogue: Catalogue) -> Featuriser:
    return Featuriser((skill for item in catalogue for skill in item.skills), make_lexicon())


def base_items(settings: Settings) -> tuple[ServiceItem, ...]:
    """The service items of a new database: the city's own where the settings name a file of them."""
    return read_catalogue(settings.catalogue) if settings.catalogue else catalogue_items()


def model_of(data_dir: Path | None) -> Model:
    """The city's own model if one was trained into its data directory, else the one that comes with the source."""
    own = data_dir / "model.npz" if data_dir else SHIPPED_MODEL
    return load_model(own if own.is_file() else SHIPPED_MODEL)


def make_understander(catalogue: Catalogue, data_dir: Path | None = None) -> Understander:
    """Raises ModelError where the model knows none of the catalogue's items: it is another city's."""
    model = model_of(data_dir)
    if not set(model.codes) & set(catalogue.codes):
        raise ModelError(
            "模型不认识事项清单里的任何一项：请用这份清单训练（sandan train --labelled … --catalogue …），或换一个数据库。"
        )
    return Understander(model, catalogue, Normaliser(), make_featuriser(catalogue), make_extractor())


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
    carried: tuple[str, ...] = (),
) -> Context:
    regions = Regions(await store.regions.load())
    columns = Columns(catalogue, regions, carried=carried)
    return Context(store, understander, catalogue, regions, columns, clock, decision_days, make_gazetteer(regions))
