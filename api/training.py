"""What `sandan train` does. Imported when it is asked for and not before: serving needs none of the training's libraries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from api.assembly import make_featuriser
from api.training_report import agreement_tables, curve_table, report_tables, write_report
from matcher.catalogue import Catalogue
from matcher.understanding.agreement import agreement, blind_sample
from matcher.understanding.examples import Example, catalogue_examples
from matcher.understanding.measuring import learning_curve, measure
from matcher.understanding.model import Model
from matcher.understanding.normalise import Normaliser
from matcher.understanding.training import OUR_STRENGTH, STRENGTHS, Material, Progress, prepare, train
from models.errors import InvalidInputError
from seed.labelled import plain_item, read_catalogue, read_labelled, read_relabelled
from seed.labelled import write_catalogue as write_catalogue
from seed.sources import catalogue_items, training_needs, training_providers

# Fewer texts than this of a label, and a report in five folds says nothing about it.
LEAST_TEXTS = 5
DEFAULT_CONFUSIONS = 20


@dataclass(frozen=True, slots=True)
class Source:
    """What is learned from. `only_urgency` are our sentences without their items: they teach urgency, which a city's history does not tell."""

    catalogue: Catalogue
    needs: Sequence[Example]
    others: Sequence[Example]
    only_urgency: Sequence[Example] = ()
    strengths: tuple[float, ...] = STRENGTHS

    def train(self, say: Progress = lambda _: None) -> Model:
        featuriser = make_featuriser(self.catalogue)
        needs = [*self.needs, *self.only_urgency]
        return train(needs, self.others, self.catalogue.codes, Normaliser(), featuriser, say, self.strengths)

    def material(self) -> Material:
        return prepare(self.needs, self.others, self.catalogue.codes, Normaliser(), make_featuriser(self.catalogue))


def shipped_source() -> Source:
    """The corpus and the catalogue in seed/."""
    catalogue = Catalogue(catalogue_items())
    return Source(catalogue, training_needs(), [*training_providers(), *catalogue_examples(catalogue)], strengths=OUR_STRENGTH)


def train_shipped(say: Progress = lambda _: None) -> Model:
    return shipped_source().train(say)


def city_source(labelled: Path, catalogue_file: Path | None, text_column: str | None, label_column: str | None) -> Source:
    """A label stands for the item of that code or name; without a catalogue the labels are the items."""
    history = read_labelled(labelled, text_column, label_column)
    labels = sorted({example.codes[0] for example in history.examples})
    items = read_catalogue(catalogue_file) if catalogue_file else [plain_item(label, label) for label in labels]
    catalogue = Catalogue(items)
    code_of = {item.name: item.code for item in items} | {item.code: item.code for item in items}
    unknown = [label for label in labels if label not in code_of]
    if unknown:
        raise InvalidInputError(f"{labelled} 里有清单没有的标签：{'、'.join(unknown[:10])}")
    needs = [Example(each.text, (code_of[each.codes[0]],), "", words=each.words) for each in history.examples]
    _require_enough(needs, catalogue)
    ours = [replace(each, codes=("",)) for each in training_needs()]
    return Source(catalogue, needs, catalogue_examples(items) if catalogue_file else [], ours)


def _require_enough(needs: Sequence[Example], catalogue: Catalogue) -> None:
    texts: dict[str, set[str]] = {}
    for need in needs:
        texts.setdefault(need.codes[0], set()).add(need.text)
    few = [f"{catalogue.name_of(code)} {len(each)}" for code, each in sorted(texts.items()) if len(each) < LEAST_TEXTS]
    if len(texts) < 2:
        raise InvalidInputError("只有一个标签，没有什么可以区分")
    if few:
        raise InvalidInputError(f"这些标签的不同文本不足 {LEAST_TEXTS} 条，请补充或并入别的标签：{'、'.join(few[:10])}")


def show_measures(
    out: Console, source: Source, *, curve: bool, confusions: int | None, report: Path | None, say: Progress
) -> None:
    """Each is measured only where it was asked for; a city's report is five-fold."""
    say(f"整理 {len(source.needs) + len(source.others)} 条文本")
    material = source.material()
    parts: dict[str, object] = {}
    if curve:
        points = learning_curve(material, say)
        out.print(curve_table(points))
        parts["curve"] = points
    if confusions or not curve:
        folds = 5 if source.only_urgency else 3
        found = measure(material, folds, confusions or DEFAULT_CONFUSIONS, source.strengths, say)
        for table in report_tables(found, source.catalogue, with_labels=len(found.labels) <= 30):
            out.print(table)
        parts["report"] = found
    if report:
        write_report(report, parts, source.catalogue)


def show_agreement(out: Console, file: Path, report: Path | None) -> None:
    found = agreement(training_needs(), read_relabelled(file))
    out.print(agreement_tables(found))
    if report:
        write_report(report, {"agreement": found}, Catalogue(catalogue_items()))


def write_blind(path: Path) -> int:
    """How many texts were written."""
    sample = blind_sample(training_needs())
    path.write_text("".join(f"{id}\t{text}\n" for id, text in sample), encoding="utf-8")
    return len(sample)
