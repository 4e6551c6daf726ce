"""The desk: all use cases behind one name. Built once; keeps nothing between calls."""

from matcher.dispatch.amending import Amending
from matcher.dispatch.cataloguing import Cataloguing
from matcher.dispatch.chronicle import Chronicle
from matcher.dispatch.clocks.clock_desk import ClockDesk
from matcher.dispatch.clocks.timetables import Timetables
from matcher.dispatch.closing import Closing
from matcher.dispatch.context import Context
from matcher.dispatch.correcting import Correcting
from matcher.dispatch.delivery import Delivery
from matcher.dispatch.duplicates import Duplicates
from matcher.dispatch.hearing import Hearing
from matcher.dispatch.hooks import Hooks
from matcher.dispatch.intake import Intake
from matcher.dispatch.keeping import Keeping
from matcher.dispatch.merging import Merging
from matcher.dispatch.modes import Modes
from matcher.dispatch.notices import Notices
from matcher.dispatch.offers import Offers
from matcher.dispatch.overview import Overviews
from matcher.dispatch.plan.planning import Planning
from matcher.dispatch.progress import Progress
from matcher.dispatch.ranking_desk import RankingDesk
from matcher.dispatch.reading import Reading
from matcher.dispatch.roster import Roster
from matcher.dispatch.splitting import Splitting
from matcher.dispatch.tracking import Tracking
from matcher.dispatch.whistle.assessing import Assessing
from matcher.dispatch.whistle.registering import Registering
from matcher.dispatch.whistle.squads import Squads
from matcher.dispatch.whistle.whistles import Whistles
from matcher.statistics.reporting import Reporting
from matcher.tuning.model_versions import ModelVersions
from matcher.tuning.profiles import Profiles
from matcher.tuning.trials import Trials


class Desk:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.intake = Intake(context)
        self.amending = Amending(context)
        self.correcting = Correcting(context)
        self.duplicates = Duplicates(context)
        self.models = ModelVersions(context.store, context.catalogue, context.now)
        self.merging = Merging(context)
        self.splitting = Splitting(context, self.intake)
        self.roster = Roster(context)
        self.ranking = RankingDesk(context)
        self.offers = Offers(context)
        self.planning = Planning(context, self.offers)
        self.modes = Modes(context)
        self.keeping = Keeping(context)
        self.progress = Progress(context)
        self.closing = Closing(context)
        self.clocks = ClockDesk(context)
        self.timetables = Timetables(context)
        self.reading = Reading(context)
        self.cataloguing = Cataloguing(context)
        self.chronicle = Chronicle(context)
        self.tracking = Tracking(context)
        self.overviews = Overviews(context)
        self.notices = Notices(context)
        self.hearing = Hearing(context)
        self.hooks = Hooks(context)
        self.delivery = Delivery(context)
        self.whistles = Whistles(context)
        self.squads = Squads(context)
        self.registering = Registering(context)
        self.assessing = Assessing(context)
        self.reporting = Reporting(context)
        self.weights = Profiles(context)
        self.trials = Trials(context)
