package io.inmesh.samples.bookinfo.productpage;

import java.util.Map;

/** What ratings answers: stars by reviewer. */
record BookRatings(int id, Map<String, Integer> ratings) {}
