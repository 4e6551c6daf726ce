/* One row by the rules and the criteria of matcher/ranking/eligibility.py and criteria.py. */

static double distance_km(const Table *t, const Need *q, int64_t row) {
    if (!q->has_point || t->lng[row] == NOT_KNOWN || t->lat[row] == NOT_KNOWN) return NAN;
    const double degree = M_PI / 180;
    double lat = t->lat[row] / DEGREE * degree, lng = t->lng[row] / DEGREE * degree, lat0 = q->lat * degree, lng0 = q->lng * degree;
    double up = sin((lat - lat0) / 2), across = sin((lng - lng0) / 2);
    double half = up * up + cos(lat) * cos(lat0) * across * across;
    return 2 * EARTH_RADIUS_KM * asin(sqrt(least_of(half, 1.0)));
}

static int within_budget(const Table *t, const Need *q, int64_t row) {
    int64_t asked = t->asked_day[row], weekday = ((asked - 1) % 7 + 7) % 7;
    if (asked == q->day && t->asked_today[row] >= t->daily[row]) return 0;
    if (asked - weekday == q->monday && t->asked_week[row] >= t->weekly[row]) return 0;
    return t->daily[row] && t->weekly[row];
}

/* The rules that compare whole numbers only. */
static int may_serve(const Table *t, const Need *q, int64_t row) {
    if (!t->live[row] || !t->active[row] || t->reach_km[row] < 0 || t->load[row] >= t->capacity[row]) return 0;
    if (!(q->kinds >> t->kind[row] & 1) || (t->traits[row] & q->traits) != q->traits) return 0;
    if (t->kind[row] == SOCIAL_WORKER && t->credential[row] < q->credential) return 0;
    if (t->away_from[row] <= q->minute && q->minute < t->away_to[row]) return 0;
    return !q->has_budget || within_budget(t, q, row);
}

/* NAN where no hours are told. */
static double overlap_minutes(const Table *t, const Need *q, int64_t row) {
    int64_t first = t->slots_first[row], last = first + t->slots_count[row], total = 0;
    if (first == last) return NAN;
    for (int64_t segment = 0; segment < q->segment_count; segment++) {
        int64_t from = q->segments[2 * segment], to = q->segments[2 * segment + 1];
        for (int64_t at = first; at < last; at++) {
            int64_t start = t->slots_start[at] > from ? t->slots_start[at] : from, end = t->slots_end[at] < to ? t->slots_end[at] : to;
            if (end > start) total += end - start;
        }
    }
    return (double)total;
}

/* A word that somebody tells twice counts as the later one, as it does there. */
static double text(const Table *t, const Need *q, int64_t row) {
    const int64_t first = t->terms_first[row];
    uint64_t met = 0;
    double covered = 0;
    for (int64_t at = first + t->terms_count[row] - 1; at >= first; at--) {
        int32_t number = t->terms_number[at];
        if (!(q->term_bits >> (number & 63) & 1)) continue;
        for (int64_t term = 0; term < q->term_count; term++) {
            if (q->term_number[term] != number || met >> term & 1) continue;
            double weight = least_of(t->terms_weight[at], q->term_weight[term]);
            covered += weight * weight;
            met |= 1ull << term;
        }
    }
    return least_of(1.0, sqrt(covered) / q->whole_text);
}

/* Capacity, rating, acceptance and party membership: what a word keeps the best of in `steady`. */
static double steady(const Table *t, const Need *q, int64_t row) {
    double total = t->capacity[row] > 1 ? t->capacity[row] : 1, room = (total - t->load[row]) / total;
    return points(q->capacity, least_of(1.0, most_of(0.0, room))) +
           points(q->rating, (t->rating_sum[row] / RATING + PRIOR_COUNT * PRIOR_RATING) / (t->rating_count[row] + PRIOR_COUNT)) +
           points(q->acceptance,
                  (t->accepted[row] + PRIOR_ANSWERS * PRIOR_ACCEPTANCE) / (t->answered[row] + PRIOR_ANSWERS)) +
           points(q->party_member, t->party_member[row]);
}

static double balance(const Table *t, const Need *q, int64_t row) {
    double work = exp2(least_of(t->work_exponent[row] - q->half_lives, MOST_WORK_EXPONENT));
    return 1 / (1 + work / (t->capacity[row] > 1 ? t->capacity[row] : 1));
}
