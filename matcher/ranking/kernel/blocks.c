/* Where a need and somebody meet, and what cells and words promise: the bounds of matcher/ranking/blocks. */

static const double belonging[LEVELS] = BELONGING;
static const int digits[LEVELS] = DIGITS;

/* The place among the levels of the smallest region that a row shares with the need; -1 for none. */
static int shared_level(const Table *t, const Need *q, int64_t row) {
    for (int level = LEVELS - 1; level >= 0; level--) {
        if (q->region_to[level] && t->region_digits[row] >= digits[level] && t->region[row] >= q->region_from[level] &&
            t->region[row] < q->region_to[level])
            return level;
    }
    return -1;
}

static double location(const Need *q, double kilometres, int level) {
    double decay = isnan(kilometres) ? 0.0 : exp(-kilometres / DECAY_KM);
    return DISTANCE_PART * decay + (1 - DISTANCE_PART) * (level < 0 ? 0.0 : belonging[level]);
}

/* Words and cells alike. */
typedef struct {
    const float *centre, *radius;
    const uint64_t *regions;
} Blocks;

static double nearest_km(const Need *q, Blocks blocks, int64_t block) {
    if (!q->has_point) return NAN;
    double squares = 0;
    for (int axis = 0; axis < 3; axis++) {
        double away = blocks.centre[3 * block + axis] - (float)q->spheric[axis];
        squares += away * away;
    }
    return most_of(0.0, sqrt(squares) * EARTH_RADIUS_KM - blocks.radius[block] - SLACK_KM);
}

/* Who shares a region shares all those around it, so the first level without any ends it. */
static int nearest_level(const Need *q, Blocks blocks, int64_t block) {
    int level = -1;
    while (level + 1 < LEVELS && q->region_to[level + 1] && blocks.regions[LEVELS * block + level + 1] & q->region_bit[level + 1]) level++;
    return level;
}

static double block_location(const Need *q, Blocks blocks, int64_t block) {
    return points(q->location, location(q, nearest_km(q, blocks, block), nearest_level(q, blocks, block)));
}

/* The most that anybody in a cell is worth for the need. */
static double cell_skill(const Table *t, const Need *q, int64_t cell) {
    double total = 0;
    for (int64_t item = 0; item < q->need_items; item++) {
        double most = 0;
        for (int64_t each = q->related_from[item]; each < q->related_from[item + 1]; each++)
            most = most_of(most, q->credit[each] * t->cell_can[cell * q->items + q->related[each]] / PARTS);
        total += q->item_share[item] * most;
    }
    return total;
}

/* A cell in which somebody may pass the rules, the most points that anybody there has, and those of it that are not for skill. */
typedef struct {
    int64_t cell;
    double bound, rest;
} Promise;

static int promised_most(const void *one, const void *other) {
    const double left = ((const Promise *)one)->bound, right = ((const Promise *)other)->bound;
    return (left < right) - (left > right);
}

static int64_t promises(const Table *t, const Need *q, double others, Promise *promise) {
    const Blocks cells = {t->cell_centre, t->cell_radius, t->cell_regions};
    int64_t count = 0;
    for (int64_t cell = 0; cell < q->cells; cell++) {
        const double reach = t->cell_reach_km[cell];
        if (reach < 0 || !(t->cell_kinds[cell] & q->kinds) || !t->cell_active[cell] || t->cell_capacity[cell] <= 0) continue;
        const int level = nearest_level(q, cells, cell);
        if (!(nearest_km(q, cells, cell) <= reach) && (level < 0 || digits[level] < NEIGHBOURS)) continue;
        const double skill = cell_skill(t, q, cell), rest = others + block_location(q, cells, cell) + t->cell_steady[cell];
        if (q->need_items && skill < MIN_SKILL - LAST_BITS) continue;
        promise[count++] = (Promise){cell, rest + points(q->skill, skill), rest};
    }
    qsort(promise, count, sizeof *promise, promised_most);
    return count;
}
