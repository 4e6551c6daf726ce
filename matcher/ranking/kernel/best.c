/* The rows with the most points that rows can have, by branch and bound over cells and words.
 *
 * LAST_BITS of room are given wherever this compiler's exp or sin may differ from numpy's. So no row gets less here than there; who wins is
 * decided there, over the rows found here. Criteria and rules that are not known here promise everything.
 */

/* Of an item of which somebody has to be worth less than this, too many are: then the next item counts too. */
#define ENOUGH_TO_LOOK 0.3

/* A row that is still in question, the points that it gets at most, and how many of these its word promises it for its place. */
typedef struct {
    int64_t row;
    double sure, promised;
} Open;

typedef struct {
    Heap heap;
    /* The most that anybody gets for hours, for words, and for all that neither skill nor place nor the blocks tell. */
    double hours, text, others;
    Open open[CELL];
    int64_t count;
    /* By row of the cell at hand; nought between two cells. */
    double skill[CELL], reach[CELL];
    uint8_t seen[CELL];
    uint16_t found[CELL];
} Work;

#define FETCH(array, place) __builtin_prefetch(&t->array[place])

/* Rows of a cell that are worth at least so much for one item, by what is related to it. Postings stand by confidence. */
static int64_t discover(const Table *t, const Need *q, const uint32_t *first, int64_t item, double least, int64_t count, Work *work) {
    for (int64_t each = q->related_from[item]; each < q->related_from[item + 1]; each++) {
        if (q->credit[each] < least) continue;
        const double confidence = least / q->credit[each] * SURE;
        const int64_t from = first[q->related[each]];
        for (int64_t at = (int64_t)first[q->related[each] + 1] - 1; at >= from && t->posting_confidence[at] >= confidence; at--) {
            const uint16_t row = t->posting_row[at];
            if (work->seen[row]) continue;
            work->seen[row] = 1;
            work->found[count++] = row;
        }
    }
    return count;
}

/* What those rows are worth for the need. */
static void weigh(const Table *t, const Need *q, const uint32_t *first, int64_t count, Work *work) {
    for (int64_t item = 0; item < q->need_items; item++) {
        for (int64_t each = q->related_from[item]; each < q->related_from[item + 1]; each++) {
            const double credit = q->credit[each] / SURE;
            for (uint32_t at = first[q->related[each]], last = first[q->related[each] + 1]; at < last; at++) {
                const uint16_t row = t->posting_row[at];
                if (work->seen[row]) work->reach[row] = most_of(work->reach[row], credit * t->posting_confidence[at]);
            }
        }
        for (int64_t place = 0; place < count; place++) {
            const uint16_t row = work->found[place];
            work->skill[row] += q->item_share[item] * work->reach[row];
            work->reach[row] = 0;
        }
    }
}

/* The rows of a cell that may be worth `least` for the need, and perhaps others. The need's items stand by share, the greatest first: were
 * the last of them met in full by everybody, so much would be needed of one of the others still. */
static int64_t find(const Table *t, const Need *q, int64_t cell, double least, Work *work) {
    const uint32_t *first = t->posting_first + cell * (q->items + 1);
    double met = 1.0, needed;
    int64_t items = 0, count = 0;
    do {
        met -= q->item_share[items++];
        needed = (least - met) / (1 - met) - LAST_BITS;
    } while (items < q->need_items && needed < ENOUGH_TO_LOOK);
    for (int64_t item = 0; item < items; item++) count = discover(t, q, first, item, needed, count, work);
    if (count) weigh(t, q, first, count, work);
    return count;
}

/* What `find` and the words of a cell will ask the memory for: two cells ahead where the postings begin, one ahead the postings. */
static void fetch_places(const Table *t, const Need *q, int64_t cell) {
    for (int64_t each = 0; each < q->related_from[q->need_items]; each++) FETCH(posting_first, cell * (q->items + 1) + q->related[each]);
}

static void fetch_postings(const Table *t, const Need *q, int64_t cell) {
    for (int64_t each = 0; each < q->related_from[q->need_items]; each++) {
        const uint32_t *first = t->posting_first + cell * (q->items + 1) + q->related[each];
        FETCH(posting_row, first[0]), FETCH(posting_confidence, first[0]);
        FETCH(posting_row, first[1]), FETCH(posting_confidence, first[1]);
    }
    for (int64_t word = cell * WORDS_IN_CELL; word < (cell + 1) * WORDS_IN_CELL; word += 4) {
        FETCH(centre, 3 * word), FETCH(radius, word), FETCH(steady, word), FETCH(regions, LEVELS * word);
        FETCH(regions, LEVELS * (word + 2));
    }
}

static int64_t everybody(Work *work) {
    for (int64_t place = 0; place < CELL; place++) work->found[place] = place, work->skill[place] = 0;
    return CELL;
}

/* Those of them who may reach the bar, were everything but their skill as good as it gets in their word. */
static void open_by_skill(const Table *t, const Need *q, int64_t cell, double rest, int64_t count, Work *work) {
    const double least = bar(&work->heap) - ROUNDINGS, least_skill = q->need_items ? MIN_SKILL - LAST_BITS : 0.0;
    const Blocks words = {t->centre, t->radius, t->regions};
    double promised[WORDS_IN_CELL], most[WORDS_IN_CELL];
    uint32_t known = 0;
    work->count = 0;
    for (int64_t place = 0; place < count; place++) {
        const int64_t in_cell = work->found[place], row = cell * CELL + in_cell, word = in_cell / WORD, block = cell * WORDS_IN_CELL + word;
        const double worth = work->skill[in_cell], mine = points(q->skill, worth);
        work->skill[in_cell] = work->seen[in_cell] = 0;
        if (mine + rest < least || worth < least_skill) continue;
        if (!(known >> word & 1)) {
            promised[word] = block_location(q, words, block);
            most[word] = work->others + promised[word] + t->steady[block];
            known |= 1u << word;
        }
        if (most[word] + mine < least) continue;
        work->open[work->count++] = (Open){row, most[word] + mine, promised[word]};
        FETCH(terms_first, row), FETCH(terms_count, row);
    }
}

/* Those of them who still may, once their words are known. */
static void open_by_text(const Table *t, const Need *q, Work *work) {
    const double least = bar(&work->heap) - ROUNDINGS;
    int64_t left = 0;
    for (int64_t place = 0; place < work->count; place++) {
        const uint32_t first = t->terms_first[work->open[place].row];
        FETCH(terms_number, first), FETCH(terms_number, first + 7), FETCH(terms_weight, first);
    }
    for (int64_t place = 0; place < work->count; place++) {
        Open open = work->open[place];
        if (work->text > 0) open.sure += points(q->text, text(t, q, open.row)) - work->text;
        if (open.sure < least) continue;
        work->open[left++] = open;
        FETCH(live, open.row), FETCH(active, open.row), FETCH(kind, open.row), FETCH(reach_km, open.row), FETCH(traits, open.row);
        FETCH(capacity, open.row), FETCH(load, open.row), FETCH(rating_sum, open.row), FETCH(rating_count, open.row);
        FETCH(answered, open.row), FETCH(accepted, open.row), FETCH(work_exponent, open.row), FETCH(slots_first, open.row);
        FETCH(slots_count, open.row);
    }
    work->count = left;
}

/* The points that a row gets at most, as exact as they are known here; -INFINITY if it does not pass or cannot reach the bar. */
static double most(const Table *t, const Need *q, Open open, const Work *work) {
    const double least = bar(&work->heap) - ROUNDINGS;
    int64_t row = open.row;
    double sure = open.sure - t->steady[row / WORD] + steady(t, q, row) - points(q->balance, 1.0) + points(q->balance, balance(t, q, row));
    if (sure < least || !may_serve(t, q, row)) return -INFINITY;
    if (q->has_window) {
        double minutes = overlap_minutes(t, q, row);
        if (minutes < q->least_minutes) return -INFINITY;
        sure += points(q->availability, isnan(minutes) ? UNKNOWN : least_of(1.0, minutes / q->enough_minutes)) - work->hours;
        if (sure < least) return -INFINITY;
    }
    int level = shared_level(t, q, row);
    double kilometres = distance_km(t, q, row);
    if (!(kilometres <= t->reach_km[row] / KILOMETRE + LAST_BITS) && (level < 0 || digits[level] < NEIGHBOURS)) return -INFINITY;
    return rounded(sure - open.promised + points(q->location, location(q, kilometres, level)));
}

/* So many that tie with the last of those found are too many to choose among here. */
#define MOST_TIES 4096

/* `passed_over` ascending. Gives how many of `row` and `bound` (room for `room`) are filled; -1 where memory is short, -2 where too many
 * tie. */
int64_t sandan_best(const Table *t, const Need *q, const int64_t *passed_over, int64_t passed_count, int64_t room, int64_t *row,
                    double *bound) {
    Work work = {.heap = {bound, row, 0, room}};
    work.hours = points(q->availability, q->has_window ? 1.0 : UNKNOWN);
    work.text = points(q->text, q->term_count ? 1.0 : 0.0);
    work.others = q->given + points(q->balance, 1.0) + work.text + work.hours;
    Promise *promise = malloc((q->cells + 1) * sizeof *promise);
    if (!promise) return -1;
    const int64_t cells = promises(t, q, work.others, promise);
    int64_t ties = 0;
    for (int64_t number = 0; number < cells && ties <= MOST_TIES && promise[number].bound + ROUNDINGS > bar(&work.heap); number++) {
        const int64_t cell = promise[number].cell;
        const double rest = promise[number].rest, least = q->skill > 0 ? (bar(&work.heap) - rest - ROUNDINGS) / q->skill : 0.0;
        if (number + 2 < cells) fetch_places(t, q, promise[number + 2].cell);
        if (number + 1 < cells) fetch_postings(t, q, promise[number + 1].cell);
        const int64_t count = q->need_items ? find(t, q, cell, most_of(least, MIN_SKILL) - LAST_BITS, &work) : everybody(&work);
        open_by_skill(t, q, cell, rest, count, &work);
        open_by_text(t, q, &work);
        for (int64_t place = 0; place < work.count; place++) {
            const double total = most(t, q, work.open[place], &work);
            ties += total > -INFINITY && total == bar(&work.heap);
            if (total > bar(&work.heap) && !among(passed_over, passed_count, work.open[place].row))
                push(&work.heap, total, work.open[place].row);
        }
    }
    free(promise);
    return ties > MOST_TIES ? -2 : work.heap.size;
}
