"""Learning from corrections: imported when it is asked for and not before, since serving needs none of the training's libraries."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from api.assembly import make_featuriser, make_understander
from matcher.catalogue import Catalogue
from matcher.tuning.model_versions import Proposal
from matcher.understanding.examples import Example, catalogue_examples
from matcher.understanding.learning import MOST_SHOWN, Answer, Comparison, Material, Reader, as_example, compare
from matcher.understanding.model import Model
from matcher.understanding.normalise import Normaliser
from matcher.understanding.training import OUR_STRENGTH, train
from matcher.understanding.understander import Stated
from models.labelled_need import LabelledNeed
from models.model_version import ModelVersion
from models.schedule import now
from seed.sources import training_needs, training_providers

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Taught:
    """What the database holds to learn from, and the version in use; None for the one that lies with the program."""

    examples: Sequence[LabelledNeed]
    present: ModelVersion | None


def material_of(taught: Taught, catalogue: Catalogue) -> Material:
    """Examples of items that have left the catalogue are passed over."""
    known = [each for each in taught.examples if each.codes[0] in catalogue.position]
    until = taught.present.learned_until if taught.present else None
    learned = [each for each in known if until is not None and each.at <= until]
    new = [each for each in known if until is None or each.at > until]
    return Material(training_needs(), [*training_providers(), *catalogue_examples(catalogue)], learned, new)


class Teacher:
    """Trains on the corpus and the examples. Each training takes minutes and both cores."""

    def __init__(self, catalogue: Catalogue, say: Say) -> None:
        self._catalogue, self._say = catalogue, say
        self._normaliser, self._featuriser = Normaliser(), make_featuriser(catalogue)
        self._understander = make_understander(catalogue)

    def compare(self, material: Material) -> Comparison:
        self._say("训练两个对照模型：一个没有新的例子，一个有")
        return compare(material, self._train, self._reader)

    def propose(self, material: Material, comparison: Comparison, note: str) -> Proposal:
        self._say("用全部语料和例子训练新模型")
        examples = (*material.learned, *material.new)
        model = self._train([*material.needs, *map(as_example, examples)], material.providers)
        return Proposal(
            content=content_of(model),
            examples=len(examples),
            learned_until=max((each.at for each in examples), default=None),
            report=report_of(comparison),
            note=note,
        )

    def _train(self, needs: Sequence[Example], providers: Sequence[Example]) -> Model:
        return train(needs, providers, self._catalogue.codes, self._normaliser, self._featuriser, strengths=OUR_STRENGTH)

    def _reader(self, model: Model) -> Reader:
        understander = self._understander.with_model(model)
        at = now()

        def read(text: str) -> Answer:
            understood = understander.understand(text, Stated(), at)
            code = understood.services[0].code if understood.services else None
            return Answer(code, understood.urgency, understood.needs_review)

        return read


def content_of(model: Model) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        model.save(path)
        return path.read_bytes()


def report_of(comparison: Comparison) -> dict[str, object]:
    """For the record: the figures, how much changed, and some of it to read."""
    shown = {"better": comparison.better[:MOST_SHOWN], "worse": comparison.worse[:MOST_SHOWN]}
    return {
        **asdict(comparison),
        **{name: [asdict(each) for each in those] for name, those in shown.items()},
        "better_count": len(comparison.better),
        "worse_count": len(comparison.worse),
        "confusions": [{**asdict(each), "sentences": list(each.sentences)} for each in comparison.confusions],
    }
