/** Benchmarks of route matching. */
@NullMarked
package io.inmesh.jmh.route;

import org.jspecify.annotations.NullMarked;
