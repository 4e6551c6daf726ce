/* Points as they are rounded there, and the best rows found so far. `Table`, `Need` and the constants in capitals are declared by layout.py
 * and source.py, ahead of this text. */
#include <math.h>
#include <stdlib.h>

/* More than the roundings of a sum that is not finished can move it. */
#define ROUNDINGS 1e-5

typedef struct {
    double *bound;
    int64_t *row;
    int64_t size, room;
} Heap;

static double least_of(double one, double other) { return one < other ? one : other; }

static double most_of(double one, double other) { return one > other ? one : other; }

static double rounded(double value) { return rint(value * UNITS) / UNITS; }

static double points(double share, double value) { return rounded(share * rounded(value + LAST_BITS)); }

static double bar(const Heap *heap) { return heap->size < heap->room ? -INFINITY : heap->bound[0]; }

static void sink(Heap *heap, int64_t at, double bound, int64_t row) {
    for (;;) {
        int64_t child = 2 * at + 1;
        if (child >= heap->size) break;
        if (child + 1 < heap->size && heap->bound[child + 1] < heap->bound[child]) child++;
        if (heap->bound[child] >= bound) break;
        heap->bound[at] = heap->bound[child];
        heap->row[at] = heap->row[child];
        at = child;
    }
    heap->bound[at] = bound;
    heap->row[at] = row;
}

static void push(Heap *heap, double bound, int64_t row) {
    if (heap->size == heap->room) {
        if (bound > heap->bound[0]) sink(heap, 0, bound, row);
        return;
    }
    int64_t at = heap->size++;
    while (at && heap->bound[(at - 1) / 2] > bound) {
        heap->bound[at] = heap->bound[(at - 1) / 2];
        heap->row[at] = heap->row[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->bound[at] = bound;
    heap->row[at] = row;
}

static int among(const int64_t *ascending, int64_t count, int64_t row) {
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (ascending[middle] < row) low = middle + 1;
        else high = middle;
    }
    return low < count && ascending[low] == row;
}
